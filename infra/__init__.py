"""The ground: what every capability stands on, and no word of any of them."""
