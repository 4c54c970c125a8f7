"""Programs for those who build jejak; nothing in the product imports them."""
