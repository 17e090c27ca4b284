"""Who may do what: accounts, their roles and scopes, and the tokens that stand for them."""
