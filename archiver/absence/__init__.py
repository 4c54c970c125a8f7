"""What is concluded, and when, of posts that are not seen any more."""
