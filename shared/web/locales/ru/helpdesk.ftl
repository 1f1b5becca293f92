### Texts of the helpdesk pages.
###
### How to add one: put the SAME key into pl, en and ru (helpdesk.ftl each); the key begins with "helpdesk-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("helpdesk-x"), language.n("helpdesk-x", count)
### for plurals (argument $count), language.with("helpdesk-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("helpdesk-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

# List
helpdesk-ticket-count =
    { $count ->
        [one] { $count } обращение
        [few] { $count } обращения
       *[many] { $count } обращений
    }
helpdesk-tickets-title = Обращения
helpdesk-column-number = Номер
helpdesk-column-activity = Активность
helpdesk-column-subject = Тема
helpdesk-column-customer = Клиент
helpdesk-column-source = Источник и очередь
helpdesk-source = Источник
helpdesk-column-queue = Очередь
helpdesk-column-category = Категория
helpdesk-column-status = Статус
helpdesk-column-waiting = Ожидает
helpdesk-filter-sending = Отправка
helpdesk-filter-needs-decision = Требует решения
helpdesk-needs-decision = Требует решения
helpdesk-customer-nameless = Клиент без имени
helpdesk-none-fit = Ничего не найдено
helpdesk-none-fit-text = Ни одно обращение не соответствует условиям. Измените фильтры или очистите их.
helpdesk-no-tickets = Обращений пока нет
helpdesk-no-tickets-text = Площадка подключена. Когда клиент напишет, сообщение появится здесь после ближайшего опроса.
helpdesk-no-connection = Ни одна площадка не подключена
helpdesk-no-connection-text = Подключите торговую площадку, и сообщения клиентов будут появляться здесь как обращения.
helpdesk-no-connection-ask = Попросите администратора подключить торговую площадку. Сообщения клиентов будут появляться здесь как обращения.
helpdesk-news-list = Список изменился.
helpdesk-news-ticket = В этом обращении есть новое. Набранный текст сохранится, пока вы не обновите страницу.
helpdesk-reload = Обновить

# Statuses
helpdesk-state-new = Новое
helpdesk-state-in-progress = В работе
helpdesk-state-waiting-for-customer = Ждёт клиента
helpdesk-state-snoozed = Отложено
helpdesk-state-merged = Объединено
helpdesk-state-closed = Закрыто
helpdesk-set-new = Отметить как новое
helpdesk-set-in-progress = Взять в работу
helpdesk-set-waiting-for-customer = Ждёт клиента
helpdesk-set-closed = Закрыть
helpdesk-status-set = Статус изменён.
helpdesk-status-merged = Это обращение объединено с другим; измените статус того обращения.
helpdesk-status-past = Этот момент уже прошёл. Выберите более поздний.
helpdesk-status-itself = Обращение нельзя объединить с самим собой.
helpdesk-assignee = Ответственный
helpdesk-assignee-me = Я
helpdesk-assignee-nobody = Никто
helpdesk-assign = Назначить
helpdesk-take = Беру обращение
helpdesk-assigned = Ответственный сохранён.
helpdesk-no-colleague = Этот человек не работает в поддержке этой компании.
helpdesk-bulk-picked = Выбрано
helpdesk-bulk-take = Беру их
helpdesk-bulk-all = Выбрать все
helpdesk-bulk-clear = Снять выбор
helpdesk-bulk-none = Сначала выберите обращения в списке.
helpdesk-bulk-most = За один раз можно изменить не больше { $limit } обращений.
helpdesk-bulk-done =
    { $count ->
        [one] Изменено { $count } обращение.
        [few] Изменено { $count } обращения.
       *[many] Изменено { $count } обращений.
    }
helpdesk-bulk-some =
    { $count ->
        [one] Изменено: { $changed }. Не удалось изменить { $count } обращение: { $why }
       *[many] Изменено: { $changed }. Не удалось изменить обращений: { $count }; первое потому, что: { $why }
    }
helpdesk-snooze = Отложить
helpdesk-snooze-hour = На час
helpdesk-snooze-today = До 16:00 сегодня
helpdesk-snooze-tomorrow = До 9:00 завтра
helpdesk-snooze-monday = До понедельника, 9:00
helpdesk-snooze-until = До какого времени
helpdesk-snooze-save = Отложить
helpdesk-snooze-until-bad = Укажите день и час, до которых отложить обращение.
helpdesk-snooze-too-long = Обращение можно отложить не больше чем на год.
helpdesk-until = до

# Ticket
helpdesk-details = Подробности обращения
helpdesk-waits-since = Ждёт ответа ·
helpdesk-older =
    { $count ->
        [one] Показать { $count } более старое
        [few] Показать { $count } более старых
       *[many] Показать { $count } более старых
    }
helpdesk-newest = К самым новым
helpdesk-tag-history = История до подключения
helpdesk-tag-outside = вне CRM
helpdesk-tag-outside-long = клиент вне CRM
helpdesk-tag-unknown = неизвестный отправитель: { $word }
helpdesk-tag-left-out =
    { $count ->
        [one] слишком длинное: в конце опущен { $count } символ
        [few] слишком длинное: в конце опущено { $count } символа
       *[many] слишком длинное: в конце опущено { $count } символов
    }
helpdesk-line-missing = Эту запись не удалось прочитать. Причину администратор найдёт в журнале системы.
helpdesk-event-status = меняет статус на: { $status }
helpdesk-event-snoozed = откладывает обращение до { $until }
helpdesk-event-assigned = назначает ответственного: { $name }
helpdesk-event-unassigned = оставляет обращение без ответственного
helpdesk-event-linked = привязывает карточку клиента
helpdesk-event-moved = переносит в очередь { $queue }, категория: { $category }
helpdesk-event-other = меняет обращение
helpdesk-somebody = Кто-то из команды
helpdesk-to-customer = клиенту
helpdesk-to-operator = оператору площадки
helpdesk-to-both = клиенту и оператору площадки

# Replies
helpdesk-mode = Что вы пишете
helpdesk-mode-reply = Ответ
helpdesk-mode-comment = Внутренний комментарий
helpdesk-comment-hint = Комментарий видит только ваша команда. На площадку он не отправляется.
helpdesk-comment-save = Сохранить комментарий
helpdesk-comment-written = Комментарий сохранён.
helpdesk-comment-without-files = Комментарий сохранён без файлов: к внутреннему комментарию их прикрепить нельзя.
helpdesk-comment-empty = Напишите текст комментария.
helpdesk-reply-text = Текст
helpdesk-recipient = Кому
helpdesk-recipient-customer = Клиент
helpdesk-recipient-operator = Оператор площадки
helpdesk-recipient-both = Клиент и оператор площадки
helpdesk-template = Шаблон ответа
helpdesk-template-insert = Вставить
helpdesk-template-unknown = В шаблоне есть имена в скобках, которые не являются переменными: { $names }. Исправьте текст перед отправкой.
helpdesk-template-missing = В этом обращении нет значения для: { $names }. Проверьте текст перед отправкой.
helpdesk-footer-note = Под ответом будет добавлена подпись компании:
helpdesk-files = Вложения
helpdesk-files-left = В этой переписке можно прикрепить ещё { $left } из { $limit }.
helpdesk-files-again = Выберите файлы ещё раз: браузер не сохраняет их при повторном показе формы.
helpdesk-send = Отправить
helpdesk-undo-promise = После отправки есть { $seconds } с на отмену.
helpdesk-undo-left = можно отменить ещё { $seconds } с
helpdesk-undo = Отменить отправку
helpdesk-reply-written = Ответ поставлен в отправку.
helpdesk-reply-waiting = Ожидает отправки
helpdesk-reply-sending = Отправка…
helpdesk-reply-retrying = Ещё не отправлено, повторим { $when }
helpdesk-reply-checking = Проверяем, дошло ли до площадки ({ $when })
helpdesk-reply-sent = Отправлено { $when }
helpdesk-reply-marked-sent = Отмечено как отправленное
helpdesk-reply-failed = Не отправлено
helpdesk-reply-uncertain = Неизвестно, дошло ли
helpdesk-reason = Причина: { $why }
helpdesk-reason-told = { $why }
helpdesk-reason-status = { $reason }, статус { $status }
helpdesk-reason-said = { $reason }: { $said }
helpdesk-reason-wrong-key = ключ отклонён
helpdesk-reason-no-right = у ключа нет на это прав
helpdesk-reason-not-found = запрошенное не найдено
helpdesk-reason-throttled = слишком много запросов за короткое время
helpdesk-reason-rejected = запрос отклонён
helpdesk-reason-unavailable = сервер перегружен или неисправен
helpdesk-reason-elsewhere = по этому адресу отвечает что-то другое
helpdesk-reason-unreadable = не удалось прочитать ответ сервера
helpdesk-reason-too-large = ответ сервера слишком длинный
helpdesk-reason-not-sent = не удалось соединиться с сервером
helpdesk-reason-no-answer = сервер не ответил
helpdesk-reason-incomplete = ещё не все длинные переписки удалось прочитать целиком
helpdesk-reason-internal = ошибка в самом Mostek; подробности в системном журнале
helpdesk-reason-sender-lost = отправка была прервана
helpdesk-reason-decider-lost = запись решения была прервана
helpdesk-reason-connection-deleted = подключение удалено
helpdesk-reason-no-address = у этого источника нет адреса для ответов
helpdesk-reason-address-off = адрес для ответов этого источника выключен или удалён
helpdesk-reason-address-unusable = на адрес для ответов нельзя отправлять; администратору стоит проверить его настройки
helpdesk-reason-wrote-else = магазин за это время написал в этой переписке что-то другое
helpdesk-reason-restored = данные восстановлены из резервной копии, а ответ с тех пор мог быть отменён
helpdesk-reason-content-lost = текст ответа или его файлы не удаётся прочитать
helpdesk-connection-gone = Отправить ответ нельзя: этот источник только передаёт сообщения (вебхук), его адрес для ответов выключен или подключение удалено. Комментарии, статусы и назначение работают как обычно.
helpdesk-answer-without-files = Этому источнику можно ответить только текстом, без файлов.
helpdesk-connection-waits = Подключение требует повторной аутентификации. Ответ не уйдёт, пока администратор не введёт новый ключ.
helpdesk-reply-dropped = Отменено, не отправлено
helpdesk-reply-undone = Отправка отменена.
helpdesk-decided = Решение сохранено.
helpdesk-try-again = Повторить
helpdesk-send-again = Отправить ещё раз
helpdesk-was-sent = Есть на площадке
helpdesk-drop = Не отправлять
helpdesk-reply-too-short = В ответе { $chars } симв., а площадка требует не менее { $limit }.
helpdesk-reply-too-long = В ответе { $chars } симв., а площадка принимает не более { $limit }.
helpdesk-attachment-conversation = Вложения этой переписки составили бы { $bytes }, а предел { $limit }. Уберите файл или отправьте меньший.
helpdesk-attachment-message = Файлы этого сообщения занимают { $bytes }, а предел { $limit }.
helpdesk-attachment-order = У заказа было бы файлов: { $files }, а предел { $limit }.
helpdesk-attachment-empty = Один из файлов пуст. Площадка не принимает пустые файлы.
helpdesk-file-longer = Площадка отдаёт файл длиннее заявленного (предел { $limit }). Он не загружается.

# What stands in the way
helpdesk-changed = За это время что-то изменилось или было уже поздно. Проверьте текущее состояние и при необходимости повторите.
helpdesk-needs-authentication = Подключение к площадке требует повторной аутентификации. Администратор введёт новый ключ в настройках.
helpdesk-remote = Не удалось прочитать это с площадки: { $why }
helpdesk-too-many = Их может быть не более { $limit }.
helpdesk-text-too-long = В тексте может быть не более { $limit } символов.
helpdesk-key-needed = Нет ключа запроса (key или заголовок Idempotency-Key): от 1 до 200 символов ASCII без пробелов.
helpdesk-unknown-choice = Выберите один из предложенных вариантов.
helpdesk-date-form = Укажите дату в виде гггг-мм-дд или момент по RFC 3339.
helpdesk-date-future = Дата не может быть позже сегодняшней.
helpdesk-name-empty = Укажите название.
helpdesk-name-too-long = В названии { $chars } симв., а может быть не более { $limit }.
helpdesk-name-character = В названии есть символ, который нельзя показать.
helpdesk-phone-empty = Укажите номер телефона.
helpdesk-phone-character = Номер телефона может содержать только цифры, пробелы, дефисы и плюс в начале.
helpdesk-phone-length = В номере телефона не может быть { $digits } цифр. В польском их 9, иностранный начните с плюса и кода страны.
helpdesk-phone-beginning = Номер телефона не может так начинаться.
helpdesk-email-empty = Укажите адрес эл. почты.
helpdesk-email-too-long = Адрес эл. почты слишком длинный.
helpdesk-email-form = Это не адрес эл. почты. Он должен выглядеть как имя@домен.pl.
helpdesk-nip-character = NIP может содержать только цифры, пробелы и дефисы.
helpdesk-nip-length = В NIP 10 цифр.
helpdesk-nip-pattern = NIP не может так начинаться.
helpdesk-nip-check-digit = Контрольная цифра NIP не сходится. Проверьте, нет ли опечатки.

# Order
helpdesk-order = Заказ
helpdesk-order-number = Номер
helpdesk-order-state = Состояние
helpdesk-order-placed = Оформлен
helpdesk-order-ship-by = Отправить до
helpdesk-order-parcel = Отправление
helpdesk-order-shipping-price = Доставка
helpdesk-order-total = Итого
helpdesk-order-read-at = Прочитано:
helpdesk-order-again = Прочитать снова
helpdesk-order-read = Заказ прочитан снова.
helpdesk-order-unread = Заказ пока не удалось прочитать.
helpdesk-order-none = Эта переписка не касается заказа.
helpdesk-more-lines =
    { $count ->
        [one] и ещё { $count } позиция
        [few] и ещё { $count } позиции
       *[many] и ещё { $count } позиций
    }
helpdesk-open-at-marketplace = Открыть на площадке
helpdesk-open-at-shop = Открыть в магазине
helpdesk-order-staging = Готовится площадкой
helpdesk-order-waiting-acceptance = Ждёт подтверждения
helpdesk-order-waiting-debit = Ждёт оплаты
helpdesk-order-waiting-debit-payment = Идёт оплата
helpdesk-order-shipping = К отправке
helpdesk-order-shipped = Отправлен
helpdesk-order-to-collect = Готов к выдаче
helpdesk-order-received = Получен
helpdesk-order-closed = Завершён
helpdesk-order-refused = Отклонён
helpdesk-order-canceled = Отменён
helpdesk-order-incident-open = Открыта претензия

# Place of a ticket
helpdesk-place = Статус и очередь
helpdesk-move = Сменить очередь или категорию
helpdesk-move-save = Перенести
helpdesk-moved = Обращение перенесено.

# Customers
helpdesk-customer-count =
    { $count ->
        [one] { $count } клиент
        [few] { $count } клиента
       *[many] { $count } клиентов
    }
helpdesk-customer-name = Имя или название
helpdesk-customer-short = Имя
helpdesk-customer-id = Id на площадке
helpdesk-customer-create = Создать карточку клиента
helpdesk-customer-change = Сменить клиента
helpdesk-customer-fixed = Обращение из источника { $source } нельзя отнести к другому клиенту: кто пишет, известно с площадки. Саму карточку можно менять в любое время.
helpdesk-customer-add = Новый клиент
helpdesk-customer-edit = Изменение клиента
helpdesk-customer-added = Карточка клиента создана.
helpdesk-customer-who = Кто это
helpdesk-customer-from-ticket = Карточка будет привязана к обращению. Имя и id на площадке взяты из переписки.
helpdesk-ticket-has-record = У этого обращения уже есть карточка клиента.
helpdesk-customer-known = Карточка с этим id уже есть:
helpdesk-customer-link = Привязать эту карточку
helpdesk-customer-linked = Карточка привязана к обращению.
helpdesk-record-has-id = Карточка с этим id на площадке уже есть. Вместо создания второй привяжите её на странице обращения.
helpdesk-no-record-has-id = Карточки с этим id ещё нет.
helpdesk-no-customers = Клиентов пока нет
helpdesk-no-customers-text = Карточки создаются сами, когда клиент пишет через подключение с добавлением клиентов, или кнопкой в обращении. Можно добавить карточку и здесь.
helpdesk-contact = Данные
helpdesk-phone = Телефон
helpdesk-phones = Телефоны
helpdesk-phones-about = У каждого номера своё согласие на SMS: да или нет, когда и откуда известно. Пустая строка добавляет номер, очищенный номер исчезает.
helpdesk-email = Эл. почта
helpdesk-emails = Адреса эл. почты
helpdesk-emails-about = Пустое поле добавляет адрес, очищенный исчезает.
helpdesk-consent = Согласие на SMS
helpdesk-consent-when = Когда
helpdesk-consent-where = Откуда известно
helpdesk-consent-yes = согласие на SMS
helpdesk-consent-no = без согласия на SMS
helpdesk-consent-given = с { $date }, источник: { $source }
helpdesk-consent-refused = отказ { $date }, источник: { $source }
helpdesk-consent-unknown = ещё не спрашивали
helpdesk-consent-source-unknown = не указан
helpdesk-nip = NIP (налоговый номер)
helpdesk-nip-hint = Для компаний. 10 цифр, с дефисами или без.
helpdesk-locale = Язык клиента
helpdesk-notes = Заметки
helpdesk-notes-hint = Видит только ваша команда.
helpdesk-notes-none = Заметок нет.
helpdesk-fields = Поле
helpdesk-added = Добавлено
helpdesk-changed-at = Изменено

# Connections
helpdesk-connections-title = Подключения к площадкам
helpdesk-connections-about = Откуда приходят сообщения клиентов и куда уходят ответы.
helpdesk-connection-add = Добавить подключение
helpdesk-connection-access = Доступ
helpdesk-connection-access-about = Адрес площадки, номер магазина и ключ API. Мы проверим их, прежде чем что-либо сохранить.
helpdesk-connection-kind = Вид площадки
helpdesk-kind-mirakl = Другая площадка Mirakl
helpdesk-connection-base = Адрес площадки
helpdesk-connection-base-hint = Например https://marketplace.empik.com
helpdesk-connection-shop = Номер магазина (shop id)
helpdesk-connection-shop-hint = Из панели продавца. Без него возьмём магазин, которому принадлежит ключ.
helpdesk-connection-shop-column = Магазин
helpdesk-connection-key = Ключ API
helpdesk-connection-key-hint = Из панели продавца: Мой аккаунт → Ключ API. Хранится в зашифрованном виде и никогда не показывается.
helpdesk-connection-key-set = Задан { $date }, оканчивается на …{ $tail }
helpdesk-connection-key-set-short = Задан { $date }
helpdesk-authenticate = Аутентифицировать
helpdesk-connection-new-key = Ввести новый ключ
helpdesk-connection-works = Ключ работает: магазин { $shop } (№ { $id }), { $state ->
        [open] открыт
        [closed] закрыт
        [suspended] приостановлен
        [terminated] прекращён
       *[other] состояние неизвестно
    }. Теперь укажите, куда попадут обращения.
helpdesk-connection-other-shop = Ключ работает, но относится к другому магазину: { $shop }. Исправьте номер магазина или возьмите другой ключ.
helpdesk-connection-wrong-key = Площадка отклонила ключ (401). Проверьте, скопирован ли он целиком и не истёк ли.
helpdesk-connection-no-right = Ключ верный, но у него нет прав на этот магазин (403). Выдайте их в панели продавца.
helpdesk-connection-unreachable = По этому адресу площадка не отвечает. Проверьте адрес. ({ $why })
helpdesk-connection-later = Площадка перегружена или недоступна. Попробуйте через несколько минут. ({ $why })
helpdesk-connection-refused = Не получилось: { $why }.
helpdesk-connection-refused-text = Опрос остановлен: { $why }. Введите новый ключ.
helpdesk-connection-throttled-until = Площадка ограничила число запросов. Следующая попытка: { $when }.
helpdesk-connection-unsaved = Ключ работает. Заполните настройки ниже и запустите опрос.
helpdesk-connection-name = Название подключения
helpdesk-connection-source-hint = Под этим именем обращения с этой площадки видны в списке, фильтрах и отчётах. Изменение касается новых обращений.
helpdesk-connection-state = Состояние
helpdesk-run-running = Работает
helpdesk-run-stopped = Остановлено
helpdesk-run-needs-authentication = Требует аутентификации
helpdesk-run-throttled = Ограничено площадкой
helpdesk-last-success = Последний успешный
helpdesk-last-error = Последняя ошибка
helpdesk-next-poll = Следующий
helpdesk-not-yet = ещё нет
helpdesk-taken-column = Получено
helpdesk-taken =
    { $count ->
        [one] { $count } сообщение
        [few] { $count } сообщения
       *[many] { $count } сообщений
    }
helpdesk-connection-since = Берёт переписку с
helpdesk-connection-work = Опрос
helpdesk-poll-now = Опросить сейчас
helpdesk-poll-not-running = Подключение остановлено. Запустите его, чтобы получить сообщения.
helpdesk-polled =
    { $count ->
        [one] Получено { $count } новое сообщение.
        [few] Получено { $count } новых сообщения.
       *[many] Получено { $count } новых сообщений.
    }
helpdesk-polled-error = Не удалось получить сообщения: { $why }
helpdesk-connection-start = Запустить
helpdesk-connection-stop = Остановить
helpdesk-connection-started = Подключение запущено.
helpdesk-connection-stopped = Подключение остановлено.
helpdesk-connection-deleted = Подключение удалено. Обращения остаются.
helpdesk-connection-delete = Удалить подключение
helpdesk-connection-delete-title = Удалить подключение «{ $name }»?
helpdesk-connection-delete-text = Опрос прекратится, ключ будет удалён, а ещё не ушедшие ответы не будут отправлены. Обращения и их история остаются. Если позже добавить это подключение заново, следующее сообщение в старой переписке откроет второе обращение со всей перепиской. Чтобы только приостановить опрос, остановите подключение. Удаление нельзя отменить.
helpdesk-connection-save-first = Сначала сохраните настройки подключения.
helpdesk-connection-tickets = Обращения
helpdesk-connection-tickets-about = Куда попадают новые переписки и как распознаётся клиент.
helpdesk-connection-field = Поле CRM с id клиента на площадке
helpdesk-connection-field-hint = По этому полю обращение находит карточку клиента.
helpdesk-create-queue = Создать очередь «{ $name }»
helpdesk-create-field = Создать поле «{ $name }»
helpdesk-new-queue-name = Служба поддержки
helpdesk-new-field-name = { $kind } ID
helpdesk-connection-add-customers = Добавлять новых клиентов в CRM
helpdesk-connection-add-customers-hint = Если карточки с таким id нет, будет создана новая с именем из заказа. Иначе клиент останется «вне CRM».
helpdesk-connection-polling = Опрос
helpdesk-connection-polling-about = Как часто опрашивать площадку и куда ведёт ссылка.
helpdesk-connection-interval = Интервал опроса в секундах
helpdesk-connection-interval-hint = От 60 до 86400. Площадка не разрешает опрос чаще раза в минуту.
helpdesk-connection-interval-range = Укажите число секунд от 60 до 86400.
helpdesk-connection-link = Ссылка на переписку
helpdesk-connection-link-hint = Шаблон с переменными {"{base}"}, {"{order_id}"} и {"{thread_id}"}.
helpdesk-link-variable = Переменной «{ $name }» нет. Есть: base, order_id, thread_id.
helpdesk-link-address = Ссылка должна начинаться с {"{base}"}/ или https:// и содержать не более 500 символов без пробелов.
helpdesk-base-address = Укажите адрес, который начинается с https:// (или http://).
helpdesk-base-address-parts = Укажите только адрес: без имени пользователя, вопросительного знака и решётки.
helpdesk-api-key-form = Ключ API содержит от 1 до 500 видимых символов, без пробелов и национальных букв.
helpdesk-shop-id-form = Номер магазина — положительное целое число.
helpdesk-save-start = Сохранить и запустить
helpdesk-connection-saved-started = Сохранено и запущено. Новые сообщения появятся в обращениях после ближайшего опроса.

# Desk
helpdesk-desk-title = Настройки обращений
helpdesk-desk-name = Название
helpdesk-desk-queues = Очереди
helpdesk-desk-queues-about = Очередь говорит, какая команда занимается обращением. Архивная исчезает из форм, а обращения в ней остаются.
helpdesk-desk-queues-add = Новая очередь
helpdesk-desk-categories = Категории
helpdesk-desk-categories-about = Категория говорит, о чём обращение: возврат, претензия, вопрос о доставке.
helpdesk-desk-categories-add = Новая категория
helpdesk-desk-fields = Поля CRM
helpdesk-desk-fields-about = Дополнительные поля карточек клиентов: текст, число, дата или выбор из списка. Поле в архиве исчезает из форм, значения остаются.
helpdesk-desk-fields-add = Новое поле
helpdesk-desk-templates = Шаблоны ответов
helpdesk-desk-templates-about = Готовые тексты, с которых можно начать ответ.
helpdesk-desk-templates-add = Новый шаблон
helpdesk-template-variables = Переменные, которые заменяются данными обращения:
helpdesk-template-text = Текст шаблона
helpdesk-template-empty = Напишите текст шаблона.
helpdesk-template-names = Переменных с такими именами нет: { $names }. Есть: { $known }.
helpdesk-rename = Переименовать
helpdesk-archive = В архив
helpdesk-restore = Вернуть
helpdesk-is-archived = в архиве
helpdesk-archived = «{ $name }» в архиве.
helpdesk-restored = «{ $name }» снова используется.
helpdesk-added-news = Добавлено «{ $name }».
helpdesk-desk-tags = Метки
helpdesk-desk-tags-about = Слова, которыми команда отмечает обращения.
helpdesk-desk-tags-add = Новая метка
helpdesk-desk-sub-statuses = Подстатусы
helpdesk-desk-sub-statuses-about = Собственные названия частей статуса, например «Ждёт склад» в статусе «В работе».
helpdesk-desk-sub-statuses-add = Новый подстатус
helpdesk-sub-status-of-another = Этот подстатус относится к другому статусу.
helpdesk-view-empty = Сначала выберите фильтры.
helpdesk-steps-none = Выберите хотя бы одно действие.
helpdesk-macro-unsaid = Макрос ничего не сделал, потому что ответ нельзя отправить: { $why }.
helpdesk-step-needs-person = Этот шаг нельзя выполнить без сотрудника: «назначить меня» и «вставить в ответ» – только для макросов.
helpdesk-unsaid-no-way = источник обращения не принимает ответов
helpdesk-unsaid-unknown = в шаблоне есть имена в скобках, которые не являются переменными ({ $names })
helpdesk-unsaid-missing = в обращении нет значения для: { $names }
helpdesk-unsaid-text = заполненный шаблон слишком короткий или слишком длинный
