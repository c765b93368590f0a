"""Who can be matched: cards with the allow-listed fields of participants."""
