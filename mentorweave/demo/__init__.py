"""The whole product on one machine, with servers of its own, for trying it out."""
