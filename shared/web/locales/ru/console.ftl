### Texts of the console pages.
###
### How to add one: put the SAME key into pl, en and ru (console.ftl each); the key begins with "console-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("console-x"), language.n("console-x", count)
### for plurals (argument $count), language.with("console-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("console-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

## Signing in
console-sign-in-title = Вход
console-sign-in-button = Войти
console-sign-in-forgotten = Забыли пароль? Администратор может выдать новое приглашение.
console-email = Адрес e-mail
console-password = Пароль
console-new-password = Новый пароль
console-password-hint = Не менее { $count } символов. Несколько слов лучше, чем одно сложное.
console-signed-out = Вы вышли из системы.
console-signed-out-everywhere = Вы вышли на всех устройствах.

## Setting up
console-setup-title = Первый запуск
console-setup-intro = Укажите первую компанию и её администратора. Другие компании и сотрудников можно добавить позже.
console-setup-code = Код установки
console-setup-code-hint = Он выведен в терминале при запуске или указан в конфигурации (setup_code).
console-setup-button = Начать
console-setup-done = Готово. Добро пожаловать в Mostek!
console-your-name = Имя и фамилия

## Invitations
console-invitation-title = Здравствуйте, { $name }!
console-invitation-intro = Выберите пароль для { $email }.
console-invitation-button = Установить пароль и войти
console-invitation-done = Пароль установлен. Вы вошли.
console-link-title = Приглашение: { $name }
console-link-text = Передайте эту ссылку сотруднику. Она показывается только сейчас.
console-link = Ссылка-приглашение
console-link-note = Действует один раз, до { $date }. Прежние ссылки этого сотрудника больше не действуют.
console-done = Готово

## Dashboard
console-dashboard-greeting = Здравствуйте, { $name }
console-dashboard-empty = У вас пока нет прав
console-dashboard-empty-text = Попросите администратора выдать права; они появятся здесь после обновления страницы.
console-about-tickets = Вопросы клиентов с маркетплейсов и ответы
console-about-customers = Карточки клиентов
console-about-companies = Названия и номера NIP
console-about-employees = Учётные записи, роли и права
console-about-settings = Как работают компания и вход
console-about-audit = Кто, когда, откуда и что сделал

## Companies
console-companies-count =
    { $count ->
        [one] { $count } компания
        [few] { $count } компании
       *[many] { $count } компаний
    }
console-company-add = Добавить компанию
console-company-new = Новая компания
console-company-edit = Данные компании
console-company-added = Компания добавлена. Назначьте в неё сотрудников.
console-company-name = Название компании
console-nip = NIP
console-nip-hint = 10 цифр; пробелы, дефисы и PL в начале допустимы.

## Employees
console-people-count =
    { $count ->
        [one] { $count } сотрудник
        [few] { $count } сотрудника
       *[many] { $count } сотрудников
    }
console-employee-add = Добавить сотрудника
console-employee-new = Новый сотрудник
console-employee-new-intro = После сохранения появится ссылка, по которой сотрудник выберет пароль.
console-employee-edit = Данные сотрудника
console-employees-none = Никто не подходит
console-employees-none-text = Измените или сбросьте фильтры.
console-person-name = Имя и фамилия
console-email-hint = Используется для входа; один адрес может быть только у одного сотрудника.
console-role = Роль
console-role-hint = Администратор управляет компаниями, сотрудниками и настройками. Назначение этой роли включает и ассистента; потом его можно отключить.
console-role-administrator = Администратор
console-role-operator = Оператор
console-rights = Права
console-rights-hint = Без права раздел не виден в меню и недоступен.
console-right-helpdesk = Обслуживание клиентов
console-right-assistant = Ассистент
console-right-sms = SMS
console-right-partners = Партнёры
console-right-endpoints = Агенты ERP
console-employee-access = Доступ к учётной записи
console-employee-invited = Приглашение ожидает принятия или истекло.
console-employee-has-password = Пароль установлен.
console-employee-no-password = Пароль ещё не установлен.
console-invite-again = Новая ссылка для установки пароля
console-employee-disabled = Отключён
console-employee-conflicting = Адрес занят
console-employee-conflicting-text = Этот адрес уже у другого сотрудника. Измените его, чтобы можно было войти.
console-disable = Отключить учётную запись
console-disable-title = Отключить учётную запись: { $name }?
console-disable-text = Сотрудник сразу выйдет из системы, его токены API перестанут работать. Его работа сохранится. Учётную запись можно включить позже.
console-disabled = Учётная запись отключена: { $name }.
console-enable = Включить учётную запись
console-enabled = Учётная запись включена: { $name }.

## Account
console-password-change = Изменить пароль
console-password-change-intro = После изменения все остальные сеансы будут завершены.
console-password-current = Текущий пароль
console-password-changed = Пароль изменён. Остальные сеансы завершены.
console-sign-out-everywhere = Выйти везде
console-sign-out-everywhere-title = Выйти на всех устройствах?
console-sign-out-everywhere-text = И на этом тоже. Токены API продолжат работать, если их не отозвать.
console-sign-out-everywhere-tokens = Отозвать и мои токены API
console-tokens = Токены API
console-tokens-intro = Для программ, которые действуют от вашего имени с вашими правами.
console-tokens-none = У вас нет токенов.
console-token = Токен
console-token-new = Новый токен
console-token-new-intro = Токен будет показан один раз, сразу после создания.
console-token-password-hint = Токен продолжает работать и после сеанса. Поэтому нужен пароль.
console-token-new-button = Создать токен
console-token-name = Название
console-token-name-hint = Для чего он, например «ERP склад».
console-token-days = Срок действия
console-token-created = Создан
console-token-expires = Действует до
console-token-expired = истёк
console-token-made = Токен создан
console-token-made-text = Скопируйте токен «{ $name }» сейчас. Повторно он показан не будет.
console-token-made-note = Действует до { $date }. Передавайте его в заголовке «Authorization: Bearer …».
console-token-revoke = Отозвать
console-token-revoke-title = Отозвать токен «{ $name }»?
console-token-revoke-text = Программа, которая его использует, сразу потеряет доступ. Это нельзя отменить.
console-token-revoked = Токен отозван.
console-actions = Действия
console-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }

## Settings
console-settings-company = Настройки компании
console-settings-company-about = Отмена отправки, вложения, подпись
console-settings-company-intro = Только для компании { $company }.
console-settings-sign-in = Вход в систему
console-settings-sign-in-about = Блокировка после неудачных попыток
console-settings-sign-in-intro = Для всей установки. После указанного числа неверных паролей адрес временно блокируется.
console-settings-marketplaces = Маркетплейсы
console-settings-marketplaces-about = Подключения к магазинам и их ключи
console-settings-helpdesk = Обслуживание клиентов
console-settings-helpdesk-about = Очереди, категории, шаблоны, поля
console-undo-seconds = Время на отмену ответа (с)
console-undo-seconds-hint = От 0 до 600; 0 — отправлять сразу.
console-attachment-limit = Лимит вложений одной переписки (МБ)
console-attachment-limit-hint = Все её файлы вместе, от 1 до 10.
console-reopen-days = Повторное открытие обращения (дни)
console-reopen-days-hint = Сообщение, пришедшее в течение этого времени после закрытия, снова открывает обращение. От 0 до 365.
console-footer = Подпись в ответах
console-footer-hint = Не более 1000 символов. Площадки обычно запрещают адреса e-mail, телефоны и ссылки.
console-lockout-attempts = Число неудачных попыток
console-lockout-attempts-hint = От 3 до 20.
console-lockout-seconds = Время блокировки (с)
console-lockout-seconds-hint = От 10 до 86400.

## The audit journal
console-audit-intro = Каждое изменение: кто, когда, откуда.
console-audit-scope = Журнал
console-audit-scope-installation = Вся установка
console-audit-when = Когда
console-audit-who = Кто
console-audit-act = Что
console-audit-subject = Объект
console-audit-from = Адрес
console-audit-count =
    { $count ->
        [one] { $count } запись
        [few] { $count } записи
       *[many] { $count } записей
    }
console-audit-none = Таких записей нет
console-audit-none-text = Измените фильтры или вернитесь позже.
console-audit-older = Среди последних записей ничего нет
console-audit-older-text = Перейдите на следующую страницу, чтобы искать в более старых.
console-audit-somebody = Неизвестный сотрудник
console-audit-unknown-address = неизвестный адрес
console-audit-unknown-address-at = неизвестный адрес в домене { $domain }
console-audit-system = Система
console-audit-remote = Другая система
console-act-installation-set-up = Установка системы
console-act-signed-in = Вход
console-act-sign-in-failed = Неудачный вход
console-act-sign-in-locked = Неудачный вход, блокировка
console-act-signed-out = Выход
console-act-signed-out-everywhere = Выход везде
console-act-password-changed = Изменение пароля
console-act-invitation-made = Новое приглашение
console-act-invitation-accepted = Приглашение принято
console-act-token-made = Создан токен API
console-act-token-revoked = Отозван токен API
console-act-employee-added = Добавлен сотрудник
console-act-employee-changed = Изменены данные сотрудника
console-act-access-changed = Изменены роль или права
console-act-employee-disabled = Отключена учётная запись
console-act-employee-enabled = Включена учётная запись
console-act-company-added = Добавлена компания
console-act-company-changed = Изменены данные компании
console-act-lockout-changed = Изменены правила входа
console-act-settings-changed = Изменены настройки компании
console-act-customer-added = Добавлен клиент
console-act-connection-authenticated = Проверка API-ключа подключения
console-act-connection-saved = Сохранение подключения
console-act-connection-started = Запуск подключения
console-act-connection-stopped = Остановка подключения
console-act-connection-deleted = Удаление подключения
console-act-reply-written = Написание ответа
console-act-reply-undone = Отмена ответа
console-act-reply-decided = Решение о неотправленном ответе
console-act-comment-written = Внутренний комментарий
console-act-ticket-status-set = Изменение статуса обращения
console-act-ticket-moved = Перемещение обращения
console-act-ticket-assigned = Смена ответственного за обращение
console-act-ticket-linked = Связывание обращения с клиентом
console-act-ticket-merged = Обращения объединены
console-act-ticket-parted = Объединение отменено
console-act-ticket-priority-set = Приоритет изменён
console-act-ticket-tagged = Метки изменены
console-act-ticket-sub-status-set = Подстатус изменён
console-act-view-saved = Представление сохранено
console-act-view-removed = Представление удалено
console-act-tag-saved = Метка сохранена
console-act-sub-status-saved = Подстатус сохранён
console-act-customer-changed = Изменение данных клиента
console-act-customer-merged = Клиенты объединены
console-act-customer-unmerged = Объединение клиентов отменено
console-act-customer-told-apart = Признаны разными клиентами
console-act-customer-exported = Экспорт данных клиента
console-act-customer-erased = Удаление данных клиента
console-act-customer-file-read = Импорт клиентов из файла
console-act-customer-list-exported = Экспорт списка клиентов
console-act-queue-saved = Сохранение очереди
console-act-category-saved = Сохранение категории
console-act-field-saved = Сохранение дополнительного поля
console-act-template-saved = Сохранение шаблона
console-act-hours-saved = Сохранение рабочего времени
console-act-deadlines-saved = Сохранение сроков и распределения очереди
console-act-automatic-reply-saved = Сохранение автоответа
console-act-macro-saved = Сохранение макроса
console-act-automation-saved = Сохранение автоматизации
console-act-macro-run = Выполнение макроса
console-act-webhook-secret-added = Добавление секрета вебхука
console-act-webhook-secret-removed = Удаление секрета вебхука
console-act-webhook-letter-processed = Повторная обработка события
console-act-webhook-letter-dropped = Отклонение события
console-act-endpoint-added = Добавление получателя событий
console-act-endpoint-changed = Изменение получателя событий
console-act-endpoint-deleted = Удаление получателя событий
console-act-endpoint-tested = Пробное событие получателю
console-act-delivery-repeated = Повторная отправка события
console-act-automation-ran = Действие автоматизации
console-audit-detail-name = название
console-audit-detail-email = эл. почта
console-audit-detail-role = роль
console-audit-detail-rights = права
console-audit-detail-companies = число фирм
console-audit-detail-nip = NIP
console-audit-detail-undo-seconds = время на отмену ответа (с)
console-audit-detail-attachment-limit = лимит вложений (байты)
console-audit-detail-reopen-days = повторное открытие (дни)
console-audit-detail-footer = подпись
console-audit-detail-attempts = число попыток
console-audit-detail-seconds = время блокировки (с)
console-audit-detail-base = адрес API
console-audit-detail-started = запущено
console-audit-detail-archived = в архиве
console-audit-detail-customer = клиент
console-audit-detail-comment = комментарий
console-audit-detail-decision = решение
console-audit-detail-queue = очередь
console-audit-detail-employee = сотрудник
console-audit-detail-reply = ответ
console-audit-detail-status = статус
console-audit-detail-to = кому
console-audit-detail-into = в обращение
console-audit-detail-priority = приоритет
console-audit-detail-added = добавлено
console-audit-detail-removed = убрано
console-audit-detail-sub-status = подстатус
console-audit-detail-letter = событие
console-audit-detail-result = результат
console-audit-detail-address = адрес
console-audit-detail-active = включён
console-audit-detail-delivery = отправка
console-audit-detail-from = откуда
console-audit-detail-merge = объединение
console-audit-detail-other = другая карточка

## What is wrong with a field
console-field-name-empty = Введите название.
console-field-name-too-long = Слишком длинно; не более { $limit } символов.
console-field-name-character = Содержит невидимый символ. Введите вручную.
console-field-email-empty = Введите адрес e-mail.
console-field-email-too-long = Этот адрес слишком длинный.
console-field-email-form = Это не адрес e-mail. Пример: anna@firma.pl
console-field-nip-character = NIP содержит только цифры, пробелы и дефисы, возможно PL в начале.
console-field-nip-length = В NIP 10 цифр, указано { $count }.
console-field-nip-pattern = NIP не может так начинаться.
console-field-nip-check-digit = Контрольная цифра NIP не сходится. Проверьте, нет ли опечатки.

## What a use case refused
console-refused-email-taken = Этот адрес уже у другого сотрудника.
console-refused-nip-taken = Компания с этим NIP уже есть.
console-refused-employees-full = В установке уже { $count } сотрудников; больше не поместится.
console-refused-companies-full = В установке уже { $count } компаний; больше не поместится.
console-refused-no-company = Выберите хотя бы одну компанию.
console-refused-last-administrator = Это последний администратор. Сначала назначьте эту роль кому-то другому.
console-refused-not-found = Этого больше нет.
console-refused-password-too-short = В пароле должно быть не менее { $count } символов.
console-refused-password-too-long = Пароль слишком длинный.
console-refused-password-too-easy = Этот пароль легко угадать.
console-refused-password-contains-email = Пароль не должен содержать адрес e-mail.
console-refused-current-password = Текущий пароль неверен.
console-refused-wrong-credentials = Неверный адрес e-mail или пароль.
console-refused-locked = Слишком много неудачных попыток. Повторите через { $seconds } с.
console-refused-setup-code = Неверный код установки.
console-refused-setup-off = В конфигурации нет кода установки (setup_code).
console-refused-already-set-up = Установка уже выполнена. Войдите в систему.
console-refused-invitation = Это приглашение не действует: использовано, заменено новым или истекло. Попросите администратора о новом.
console-refused-tokens-full = Можно иметь не более { $count } токенов. Отзовите ненужные.
console-refused-range = Значение вне допустимого диапазона: от { $least } до { $most }.
console-refused-disabled = Эта учётная запись отключена. Сначала включите её, затем создайте ссылку.
