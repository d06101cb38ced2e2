"""Each process of the local cloud reaches the network only through a loopback proxy of its own: its interface."""
