# Тексты, общие для всех страниц.
common-time-now = сейчас
common-time-minutes-ago = { $count } мин назад
common-time-in-minutes = через { $count } мин
common-time-hours-ago = { $count } ч назад
common-time-in-hours = через { $count } ч
common-time-yesterday = вчера, { $time }
common-time-tomorrow = завтра, { $time }
common-time-days-ago =
    { $count ->
        [one] { $count } день назад
        [few] { $count } дня назад
       *[other] { $count } дней назад
    }
common-time-in-days =
    { $count ->
        [one] через { $count } день
        [few] через { $count } дня
       *[other] через { $count } дней
    }
