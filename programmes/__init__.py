"""Programme templates as data, and how a plan is proposed from them."""
