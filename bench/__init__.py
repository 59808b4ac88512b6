"""What the main pages cost. Started by bin/bench; no part of the site, which never imports it."""
