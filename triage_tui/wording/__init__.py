"""What is said to the nurse: safe text, gettext, numbers and dates, reasons in words."""
