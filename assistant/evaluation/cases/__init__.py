"""What a case is: file -> checked file -> cases -> cases bound to notes."""
