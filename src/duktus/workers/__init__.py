"""Many inputs answered in order by threads and a pool of processes that are given what to open and what to call."""
