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

common-skip = Перейти к содержанию
common-nav = Главная навигация
common-crumbs = Путь
common-nav-dashboard = Обзор
common-nav-tickets = Обращения
common-nav-customers = Клиенты
common-nav-companies = Компании
common-nav-employees = Сотрудники
common-nav-settings = Настройки
common-nav-audit = Журнал событий
common-company = Компания
common-company-switch = Сменить
common-language = Язык
common-theme = Оформление
common-theme-auto = Системное
common-theme-light = Светлое
common-theme-dark = Тёмное
common-account = Мой профиль
common-sign-out = Выйти
common-administrator = Администратор
common-close = Закрыть
common-cancel = Отмена
common-save = Сохранить
common-delete = Удалить
common-edit = Изменить
common-back = Назад
common-add = Добавить
common-search = Найти
common-filter = Отфильтровать
common-filter-clear = Сбросить фильтры
common-filter-any = Все
common-yes = Да
common-no = Нет
common-none = нет
common-optional = (необязательно)
common-pager = Страницы списка
common-pager-first = Первая страница
common-pager-next = Следующая страница
common-saved = Сохранено.
common-deleted = Удалено.
common-irreversible = Это нельзя отменить.
common-author-customer = Клиент
common-author-us = Наш ответ
common-author-shop = Ответ из панели магазина
common-author-operator = Оператор площадки
common-author-internal = Внутренний комментарий – клиент его не видит
common-author-system = Системная заметка
