### Texts of reports and the dashboard. Keys begin with "reports-"; see console.ftl for how texts are added.

## Reports
reports-about = Число обращений, время ответа, работа сотрудников
reports-title = Отчёты
reports-intro = Обращения, начавшиеся за период: { $from } – { $to }
reports-period = Период
reports-period-days =
    { $count ->
        [one] Последний { $count } день
        [few] Последние { $count } дня
       *[many] Последние { $count } дней
    }
reports-period-custom = С – по
reports-from = С
reports-to = По
reports-source = Источник
reports-queue = Очередь
reports-show = Показать
reports-bad-period = Укажите две даты, не больше { $limit } дней.
reports-behind =
    { $count ->
        [one] { $count } последнее изменение ещё не учтено. Будет после ближайшего фонового запуска.
        [few] { $count } последних изменения ещё не учтены. Будут после ближайшего фонового запуска.
       *[many] { $count } последних изменений ещё не учтено. Будут после следующих фоновых запусков.
    }
reports-tickets = Обращения
reports-answered = С ответом
reports-closed = Закрыто
reports-first-response = Время первого ответа
reports-first-response-about = От первого сообщения клиента до нашего первого ответа, в том числе из панели маркетплейса. Автоматические ответы не считаются.
reports-resolution = Время закрытия
reports-resolution-about = От первого сообщения клиента до закрытия; только обращения, которые сейчас закрыты.
reports-measure = Показатель
reports-median = Медиана
reports-ninetieth = 90-й процентиль
reports-within = До { $hours } ч
reports-per-day = Обращения по дням
reports-per-day-chart = Больше всего обращений за день: { $most }, всего { $total }.
reports-times = Время ответа и закрытия
reports-first-response-minutes = Медиана первого ответа, в минутах
reports-first-response-hours = Медиана первого ответа, в часах
reports-first-response-days = Медиана первого ответа, в днях
reports-resolution-minutes = Медиана времени закрытия, в минутах
reports-resolution-hours = Медиана времени закрытия, в часах
reports-resolution-days = Медиана времени закрытия, в днях
reports-times-chart = Самая большая медиана за день: { $most }.
reports-numbers = Показать числа
reports-day = День
reports-total = Всего
reports-agents = Сотрудники
reports-agent = Сотрудник
reports-answered-first = Первые ответы
reports-replies = Ответы
reports-median-response = Медиана первого ответа
reports-median-resolution = Медиана времени закрытия
reports-nobody = За этот период ещё никто не отвечал.
reports-unknown-person = Удалённый сотрудник
reports-none = За этот период обращений нет
reports-none-text = Выберите более длинный период или сбросьте фильтры.
reports-download-days = Скачать по дням (CSV)
reports-download-times = Скачать время (CSV)
reports-download-agents = Скачать по сотрудникам (CSV)
reports-minutes = { $minutes } мин
reports-hours = { $hours } ч { $minutes } мин
reports-days = { $days } д { $hours } ч
reports-under-minute = меньше 1 мин
reports-column-seconds = Медиана первого ответа (с)
reports-column-resolution = Медиана времени закрытия (с)
reports-column-median = Медиана (с)
reports-column-ninetieth = 90-й процентиль (с)

## Dashboard
reports-waiting = Что ждёт
reports-new = Новые
reports-mine = Мои открытые
reports-nobodys = Без ответственного
reports-snoozed = Отложенные
reports-failed = Неотправленные ответы
reports-uncertain = Ответы под вопросом
reports-outgoing = Ответы в пути
reports-state = Состояние
reports-connections = Подключения
reports-connection-works = работает
reports-connection-stopped = остановлено
reports-connection-refused = Опрос остановлен: { $why }
reports-connection-failing = Не удаётся получить сообщения: { $why }
reports-last-success = Последнее получение
reports-never = ещё нет
reports-no-connections = Подключений к маркетплейсам нет.
reports-events-not-understood =
    { $count ->
        [one] { $count } непонятое событие ждёт решения
        [few] { $count } непонятых события ждут решения
       *[many] { $count } непонятых событий ждут решения
    }
reports-endpoint-gone = Получатель отказался (410) и больше не оповещается
reports-messages-failing = из них после неудачной попытки: { $count }
reports-messages-given-up = Не доставлено за последние { $days } дней: { $count }
reports-last-tick = Последний фоновый запуск
reports-last-tick-late = Фоновый запуск опаздывает. Проверьте, вызывает ли планировщик /timers/tick.
reports-store = В хранилище
reports-store-tickets = Обращения
reports-store-customers = Клиенты
reports-store-changes = Записанные изменения обращений
reports-last-days = Последние 14 дней
reports-go = Открыть отчёты
