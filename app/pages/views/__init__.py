"""The pages themselves, one module for what people call one thing. Each adds to the blueprint."""
