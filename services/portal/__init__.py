"""The portal: the pages in which people use the platform. It owns no data of the domain."""
