"""What is wrong with somebody's files, found by the steps that read them."""
