"""Many at once, on the product as it is run: is a read ever older than an edit it started after?

python -m tests.load                 32 readers, 4 writers, an importer, for 300 seconds
python -m tests.load --seconds 30    shorter
python -m tests.load --soak          for an hour, and what the server holds must not grow
"""
