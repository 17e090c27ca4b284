"""The one way to change the catalog: check, change, flush and record, one edit or many.

Every function takes a change set and works in its transaction, which the caller opened and will
end. Texts, codes and slugs are checked and normalised here, wherever they come from.
"""
