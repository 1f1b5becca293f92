# Teksty wspólne dla wszystkich stron.
common-time-now = teraz
common-time-minutes-ago = { $count } min temu
common-time-in-minutes = za { $count } min
common-time-hours-ago = { $count } godz. temu
common-time-in-hours = za { $count } godz.
common-time-yesterday = wczoraj, { $time }
common-time-tomorrow = jutro, { $time }
common-time-days-ago =
    { $count ->
        [one] { $count } dzień temu
       *[other] { $count } dni temu
    }
common-time-in-days =
    { $count ->
        [one] za { $count } dzień
       *[other] za { $count } dni
    }
