"""The pages themselves, one module for what people call one thing."""

# Each adds its views to the blueprint when it is imported.
from app.pages.views import (  # noqa: F401
    accounts,
    code_forms,
    codes,
    coverage,
    documents,
    findings,
    history,
    home,
    messages,
    new_codes,
    own_account,
    preferences,
    proposals,
    review,
    service_forms,
    services,
    signing_in,
)
