"""Work items and the queue's order: pure functions, the same on the server's judge and the console."""
