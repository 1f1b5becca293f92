### How the service desk works: hours, deadlines, who gets tickets, automatic replies. Keys begin with "service-".

service-tab-hours = Рабочее время
service-tab-service = Сроки и распределение
service-tab-automatic = Автоответы

# Hours
service-hours-title = Рабочее время компании
service-hours-about = Сроки ответа идут в эти часы. Вне их клиент может получить автоответ.
service-hours-unset = Рабочее время ещё не задано, поэтому сроки идут круглосуточно. Ниже – наше предложение, оно начнёт действовать после сохранения.
service-hours-saved = Рабочее время сохранено. Сроки открытых обращений будут пересчитаны в течение нескольких минут.
service-open-now = Сейчас рабочее время.
service-opens = Сейчас нерабочее время. Открытие: { $when }.
service-never-opens = По этому расписанию рабочего времени нет, поэтому у обращений нет сроков.
service-week = Неделя
service-week-hint = Например, 8:00-16:00. Перерыв запишите через запятую: 8:00-12:00, 13:00-17:00. Пустое поле – выходной. 22:00-6:00 заканчивается на следующий день.
service-day-mon = Понедельник
service-day-tue = Вторник
service-day-wed = Среда
service-day-thu = Четверг
service-day-fri = Пятница
service-day-sat = Суббота
service-day-sun = Воскресенье
service-other-days = Другие дни
service-polish-holidays = Закрыто в государственные праздники
service-polish-holidays-hint = Нерабочие дни в Польше, включая переходящие (Пасха, праздник Тела Христова) и Сочельник с 2025 года.
service-exceptions = Исключения
service-exceptions-hint = По одному в строке: дата, а после неё часы, например 2026-12-31 8:00-12:00. Только дата – выходной. Исключение важнее недели и праздников.
service-calendar-spans = «{ $text }» – это не часы. Запишите их так: 8:00-16:00.
service-calendar-overlap = Часы «{ $text }» пересекаются.
service-calendar-date = «{ $text }» – это не дата. Запишите её так: 2026-12-31.
service-calendar-twice = Дата { $text } указана дважды.
service-calendar-too-many = Исключений может быть не больше { $limit }.
service-calendar-week = Укажите часы семи дней, начиная с понедельника.

# Deadlines and assignment of a queue
service-no-queues = Очередей ещё нет. Добавьте их на вкладке «Очереди».
service-queues-about = Как скоро мы отвечаем клиентам и кто получает новые обращения. Задаётся отдельно для каждой очереди.
service-queue-title = Очередь «{ $name }»
service-queue-about = Новые сроки действуют и для открытых обращений, на которые клиенты уже ждут ответа: они будут пересчитаны в течение нескольких минут.
service-queue-saved = Настройки очереди сохранены.
service-sla = Срок ответа
service-sla-hint = Считается в рабочем времени, от сообщения клиента до ответа сотрудника. Автоответ его не останавливает. Пустые поля – срока нет.
service-first-hours = Первый ответ: часы
service-first-minutes = Первый ответ: минуты
service-next-hours = Следующий ответ: часы
service-next-minutes = Следующий ответ: минуты
service-sla-number = Укажите целое число от нуля.
service-sla-range = Срок должен быть от 1 минуты до { $days } дней.
service-sla-none = без срока
service-sla-first = первый ответ: { $time }
service-sla-next = следующий: { $time }
service-hours = { $count } ч
service-minutes = { $count } мин
service-assignment = Распределение новых обращений
service-assignment-hint = По очереди: обращение получает тот, у кого меньше всего открытых, а среди равных – кто дольше всех не получал. Обращения тех, кто потерял доступ, переходят к остальным.
service-assignment-how = Кто получает обращение
service-assignment-nobody = никто, каждый берёт сам
service-assignment-rota = отмеченные люди по очереди
service-assignment-members =
    { $count ->
        [one] по очереди, { $count } человек
        [few] по очереди, { $count } человека
       *[many] по очереди, { $count } человек
    }
service-limit = Больше всего открытых на человека
service-limit-hint = У кого их столько, новых не получает.
service-limit-range = Укажите число от 1 до { $limit }.
service-members-none = Отметьте хотя бы одного человека.
service-queue-hours = Часы этой очереди
service-hours-which = Какие часы действуют
service-hours-company = часы компании
service-hours-own = собственные часы (ниже)

# In the list and the ticket
service-filter-due = Срок
service-due-overdue = Просрочено
service-due-soon = В течение 4 часов
service-due-in = срок через { $time }
service-overdue = просрочено на { $time }
service-span-minutes = { $count } мин
service-span-hours = { $count } ч
service-span-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }

# Automatic replies
service-automatic-about = Что клиент получает сразу, без сотрудника. Для каждого подключения и очереди можно задать ответ на первое сообщение и на сообщение вне рабочего времени.
service-automatic-nothing = Сначала добавьте подключение к площадке и очередь.
service-automatic-add = Новый автоответ
service-automatic-edit = Изменение автоответа
service-automatic-guards = Отвечаем только клиентам, не чаще раза в 12 часов в одной переписке, и только на сообщения не старше 72 часов, написанные после включения. Если сотрудник ответит раньше, автоответ не уйдёт.
service-automatic-text = Текст
service-automatic-variables = Переменные: {"{customer}"}, {"{order}"}, {"{shop}"}.
service-automatic-on = Включён
service-automatic-on-hint = Действует для сообщений, написанных с момента включения.
service-automatic-on-since = включён с { $when }
service-automatic-off = выключен
service-automatic-saved-on = Автоответ сохранён и включён.
service-automatic-saved-off = Автоответ сохранён. Он выключен.
service-automatic-unknown = В этом тексте нельзя использовать: { $names }. Есть: customer, order, shop.
service-automatic-short = Без переменных в тексте должно быть не меньше { $limit } символов: более короткий площадка не примет.
service-automatic-delay-range = Укажите задержку от 0 до { $minutes } минут.
service-automatic-author = Автоответ
service-connection = Подключение
service-occasion = На что отвечает
service-occasion-first = первое сообщение
service-occasion-outside = вне рабочего времени
service-delay = Задержка в минутах
service-delay-hint = Столько времени у сотрудника, чтобы ответить раньше.
service-occasion-automation = автоматизация

# Macros and automations
service-tab-macros = Макросы
service-tab-automations = Автоматизации
service-macros-about = Макрос – это несколько действий, которые сотрудник выполняет с обращением одной кнопкой.
service-macro-add = Новый макрос
service-macro-edit = Изменение макроса
service-macro-archived = В архиве (не виден в обращениях)
service-macro = Макрос
service-macro-do = Выполнить
service-macro-run = Макрос выполнен.
service-macro-drafted = Макрос выполнен. Шаблон ждёт в форме ответа.
service-automations-about = Автоматизация делает то же без сотрудника – с открытыми обращениями, которые подходят под условия.
service-automation-add = Новая автоматизация
service-automation-edit = Изменение автоматизации
service-automation-rule = Открытые обращения просматриваются каждые несколько минут. С обращением работает первая подходящая автоматизация и не повторяется, пока кто-нибудь не напишет в переписке. Что она сделала, видно в обращении и в журнале событий.
service-automation-on = Включена
service-automation-on-hint = Прежде чем включить, проверьте, какие обращения подходят сейчас.
service-automation-is-on = включена
service-automation-is-off = выключена
service-conditions = Условия
service-conditions-hint = Пустое поле ничего не ограничивает. Если статус не отмечен, подходят все открытые обращения.
service-customer-silent = Клиент молчит (часов)
service-answered-before = Последний ответ старше (часов)
service-opened-before = Обращение старше (часов)
service-hours-range = Укажите число часов от 1 до { $limit }.
service-preview = Какие подходят сейчас?
service-preview-about = Обращения, которые подходят в эту минуту. С ними ничего не сделано, и ничего не сохранено.
service-preview-none = Сейчас не подходит ни одно обращение.
service-preview-all =
    { $count ->
        [one] Подходит { $count } обращение.
        [few] Подходят { $count } обращения.
       *[many] Подходит { $count } обращений.
    }
service-preview-some =
    { $count ->
        [one] Показано { $count } обращение, но просмотрены не все.
        [few] Показаны { $count } обращения, но просмотрены не все.
       *[many] Показано { $count } обращений, но просмотрены не все.
    }
service-steps = Что сделать
service-step1 = Шаг 1
service-step2 = Шаг 2
service-step3 = Шаг 3
service-step4 = Шаг 4
service-step5 = Шаг 5
service-step-none = –
service-step-status = статус: { $status }
service-step-queue = перенести в очередь: { $name }
service-step-category = задать категорию: { $name }
service-step-assign = назначить: { $name }
service-step-unassign = оставить без ответственного
service-step-take = назначить меня
service-step-priority = приоритет: { $priority }
service-step-tag = добавить метку: { $name }
service-step-untag = убрать метку: { $name }
service-step-reply = отправить клиенту шаблон: { $name }
service-step-draft = вставить в ответ шаблон: { $name }
service-step-comments = добавить комментарий
service-step-comment = Внутренний комментарий
service-step-comment-hint = Если здесь что-то написать, это будет добавлено к обращению в конце.
service-event-automated = действует автоматизация «{ $name }»
service-event-automated-unsaid = автоматизация «{ $name }» ничего не сделала, потому что её ответ нельзя отправить: { $why }
service-steps-by-program = Эти шаги нельзя показать в форме: их слишком много или комментарий не в конце. Их задала программа через API, и изменить их можно только там.
