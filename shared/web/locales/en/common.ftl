# Texts that every page shares.
common-time-now = now
common-time-minutes-ago = { $count } min ago
common-time-in-minutes = in { $count } min
common-time-hours-ago = { $count } h ago
common-time-in-hours = in { $count } h
common-time-yesterday = yesterday, { $time }
common-time-tomorrow = tomorrow, { $time }
common-time-days-ago =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
common-time-in-days =
    { $count ->
        [one] in { $count } day
       *[other] in { $count } days
    }
