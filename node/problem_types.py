"""The rows of the problem table, and which error class leads to which row (see `problems`)."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Fixer(StrEnum):
    """Who can mend a problem."""

    YOU = "you"
    NOBODY = "nobody"
    ADMINISTRATOR = "administrator"
    COUNTY = "county"
    MAINTAINER = "maintainer"


class Again(Enum):
    """Whether the very same may work later."""

    LATER = True
    NEVER = False


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem.

    Attributes:
        slug: stable word; the `type` of commands and, behind `/problems/`, of HTTP answers.
        exit_code: of a command (interface §1).
        http_status: of a page or an API answer.
        who_can_fix: who can mend it.
        again: whether the same again may work later.
        title_zh: what is wrong, a short sentence.
        detail_zh: what to do next; `{name}` is replaced by the error's field of that name.
        title_en: the title in English.
        detail_en: the detail in English.
    """

    slug: str
    exit_code: int
    http_status: int
    who_can_fix: Fixer
    again: Again
    title_zh: str
    detail_zh: str
    title_en: str
    detail_en: str


_YOU, _NOBODY, _ADMIN = Fixer.YOU, Fixer.NOBODY, Fixer.ADMINISTRATOR
_COUNTY, _MAINTAINER = Fixer.COUNTY, Fixer.MAINTAINER
_LATER, _NEVER = Again.LATER, Again.NEVER

# fmt: off
_ROWS = (
    ProblemType("failed", 1, 500, _MAINTAINER, _NEVER,
        "这一步出了毛病，不是您的错。", "已经存下的都还在。错误编号 {number}，打电话时报这个号。",
        "Something went wrong here; it is not your fault.",
        "What was saved is still there. Error number {number}: name it on the phone."),
    ProblemType("usage", 2, 400, _YOU, _NEVER,
        "命令写得不对。", "{message}", "The command is not written right.", "{message}"),
    ProblemType("cancelled", 130, 499, _YOU, _LATER,
        "已经停下。", "停下之前存好的都还在。", "Stopped.", "What was saved is still there."),
    # the data directory and its keys
    ProblemType("no_data_directory", 2, 500, _YOU, _NEVER,
        "不知道数据放在哪里。", "用 --data 指明目录，或者设好环境变量。",
        "Where the data lies is not known.", "Name the directory with --data or the environment."),
    ProblemType("not_initialised", 10, 503, _YOU, _NEVER,
        "这里还没有开通。", "目录：{directory}。先运行 init。",
        "Nothing has been set up here.", "Directory: {directory}. Run init first."),
    ProblemType("already_initialised", 1, 409, _YOU, _NEVER,
        "这里已经开通过。", "目录：{directory}。换一个空目录，或者接着用它。",
        "This was set up before.",
        "Directory: {directory}. Choose an empty one, or go on using it."),
    ProblemType("wrong_key", 12, 401, _YOU, _NEVER,
        "口令不对，打不开。", "看一下大小写和输入法，再输一遍。",
        "The passphrase does not open it.", "Look at capitals and input method; type it again."),
    ProblemType("locked", 12, 503, _YOU, _LATER,
        "还锁着，要先输口令。", "在开锁页面输入口令，或者用 --passphrase-file。",
        "It is locked; the passphrase is needed.",
        "Type it on the unlock page, or use --passphrase-file."),
    ProblemType("key_file_missing", 12, 500, _ADMIN, _NEVER,
        "找不到钥匙文件。", "应当在 {path}。把它放回去。",
        "The key file is not there.", "It should be {path}. Put it back."),
    ProblemType("key_file_damaged", 16, 500, _ADMIN, _NEVER,
        "钥匙文件坏了。", "文件：{path}。把另存的那一份放回去；没有就找技术人员。",
        "The key slots cannot be read.",
        "File: {path}. Put your other copy of it back, or ask the maintainers."),
    # the database
    ProblemType("busy", 11, 503, _NOBODY, _LATER,
        "另一个程序正占着数据库。", "等了 {seconds} 秒。过一会儿再试。",
        "Another program holds the database.", "Waited {seconds} seconds. Try again in a while."),
    ProblemType("deadlock", 11, 503, _NOBODY, _LATER,
        "几个人同时在改同一件。", "过一会儿再试。",
        "Several people are changing the same thing.", "Try again in a while."),
    ProblemType("disk_full", 1, 507, _YOU, _LATER,
        "磁盘满了，这一步没有存。", "删掉别的不用的文件，腾出地方再试。",
        "The disk is full; this step was not saved.",
        "Delete other files to free space, then try again."),
    ProblemType("low_space", 1, 507, _YOU, _LATER,
        "磁盘快满了，这一步先不收。", "只剩 {free} MB。先腾出地方；写过的都还在。",
        "The disk is nearly full; this is not taken now.",
        "{free} MB are left. Free some space first; all that was written is still there."),
    ProblemType("disk_failed", 1, 500, _ADMIN, _LATER,
        "磁盘读写不了，这一步没有存。", "看磁盘有没有松动或写保护（{code}）。",
        "The disk cannot be read or written; this step was not saved.",
        "See whether it is loose or write-protected ({code})."),
    ProblemType("damaged", 16, 500, _ADMIN, _NEVER,
        "数据库文件坏了或被改过。", "不要再用，也不要放回旧的拷贝。找技术人员（{code}）。",
        "The database file is damaged or was changed.",
        "Stop using it, put no old copy back, and ask the maintainers ({code})."),
    ProblemType("database_unreachable", 1, 503, _ADMIN, _LATER,
        "数据库服务器没有回应。", "看它开着没有，网线通不通。",
        "The database server does not answer.", "See whether it runs and the network works."),
    ProblemType("needs_upgrade", 1, 503, _ADMIN, _NEVER,
        "数据库比程序旧，要先升级。", "现在的版本：{found}。重新启动会自动升级。",
        "The database is older than the program.",
        "Version found: {found}. A restart upgrades it."),
    ProblemType("newer_database", 1, 503, _ADMIN, _NEVER,
        "数据库比程序新。", "装上新版程序再打开（{found}）。",
        "The database is newer than the program.", "Install the newer program ({found})."),
    # the county and the link
    ProblemType("no_link", 13, 502, _NOBODY, _LATER,
        "没有网络，或者县里没回应。", "可以照常办，已存本机；有网会自动传。{reason}",
        "No link, or the county does not answer.",
        "Go on working; it is saved here and sent when the link is back."),
    ProblemType("clock_skew", 14, 409, _YOU, _LATER,
        "电脑时间和县里差得太多。", "差 {minutes} 分钟。先校时，再试一次。",
        "This computer's clock is too far from the county's.",
        "It is {minutes} minutes off. Set the clock, then try again."),
    ProblemType("refused_by_county", 15, 403, _COUNTY, _NEVER,
        "县里没有收下。", "原因：{reason}。打电话问县里管理员。",
        "The county did not take it.", "Reason: {reason}. Ring the county's administrator."),
    ProblemType("integrity_failed", 16, 500, _COUNTY, _NEVER,
        "核对没有通过。", "第一处不对的地方：{first_bad}。",
        "The check failed.", "First bad place: {first_bad}."),
    # what came from elsewhere
    ProblemType("malformed", 1, 400, _MAINTAINER, _NEVER,
        "收到的内容看不懂。", "没有用它，别的照常。", "What came cannot be read.",
        "It was not used; everything else goes on."),
    ProblemType("over_limit", 1, 413, _YOU, _NEVER,
        "内容太大。", "分开，或者缩小以后再试。", "Too large.", "Split it or make it smaller."),
    ProblemType("unauthentic", 16, 403, _COUNTY, _NEVER,
        "签名或密封对不上。", "没有用它。请县里看一下来源。",
        "A signature or seal does not hold.", "It was not used. Ask the county whose it is."),
    ProblemType("unknown_sender", 15, 403, _COUNTY, _NEVER,
        "不认识发送的设备。", "它可能没有开通，或者已停用。", "The sending device is not known.",
        "It may not be enrolled, or may be out of service."),
    ProblemType("not_for_us", 1, 403, _COUNTY, _NEVER,
        "这不是发给这里的。", "送到该收的地方去。", "This is not for this place.",
        "Bring it to the place it is for."),
    ProblemType("fork", 15, 409, _COUNTY, _NEVER,
        "同一台设备写出了两份不同的记录。", "先停用这台设备，打电话给县里。",
        "One device wrote two different histories.", "Stop using it and ring the county."),
    ProblemType("newer_version", 1, 409, _ADMIN, _LATER,
        "对方的程序更新。", "收下放着，本机升级以后再处理。",
        "The other side's program is newer.", "It is kept until this program is upgraded."),
    ProblemType("gap", 1, 409, _NOBODY, _LATER,
        "前面的还没有到。", "到齐了会自动接着处理。",
        "Something before it has not arrived.", "It goes on by itself when all is there."),
    ProblemType("backup_unreadable", 16, 422, _YOU, _NEVER,
        "这个备份读不了。", "{name} 不是备份，或者不完整、被改过。换另一份备份。",
        "This backup cannot be read.", "{name} is none, or it is cut or altered. Take another."),
    ProblemType("stopped", 16, 409, _COUNTY, _NEVER,
        "这台电脑先不能办新的。",
        "{reason}。已经写的都在，也还会往上传。请打电话给县里，重新开通就好。",
        "This computer must not take anything new for now.",
        "{reason}. Everything written is kept and still sent. Ask the county to enrol it anew."),
    ProblemType("old_copy", 16, 409, _COUNTY, _NEVER,
        "这是一份旧的数据。", "县里的更新。停止办件，打电话给县里。",
        "This is an old copy of the data.", "The county holds more. Stop and ring the county."),
    # requests
    ProblemType("invalid", 1, 422, _YOU, _NEVER,
        "有几处要改一下。", "改好标出的地方，再试一次。填过的都还在。",
        "Some entries need a change.", "Change what is marked and try again; the rest is kept."),
    ProblemType("bad_request", 1, 400, _MAINTAINER, _NEVER,
        "请求看不懂。", "回到上一页再试。", "It cannot be read.", "Go back and try again."),
    ProblemType("not_found", 1, 404, _YOU, _NEVER,
        "没有找到。", "看一下号码；也可能不归这里管。{kind} {id}",
        "Not found.", "Check the number; it may belong to another place. {kind} {id}"),
    ProblemType("method_not_allowed", 1, 405, _MAINTAINER, _NEVER,
        "这个地址不能这样用。", "回到上一页再试。", "This address is not used that way.",
        "Go back and try again."),
    ProblemType("unsupported_media", 1, 415, _MAINTAINER, _NEVER,
        "这种格式收不了。", "换成说明里的格式。", "This format is not taken.",
        "Use the one in the documents."),
    ProblemType("not_allowed", 1, 403, _ADMIN, _NEVER,
        "您的角色不能做这一步。", "请有权的人来做。{act}",
        "Your role may not do this.", "Ask somebody who may. {act}"),
    ProblemType("changed", 1, 412, _YOU, _LATER,
        "别人刚刚改过。", "先看新的，再决定要不要改。{by}",
        "Somebody has just changed it.", "Look at the new state, then decide. {by}"),
    ProblemType("precondition_missing", 1, 428, _MAINTAINER, _NEVER,
        "缺少 If-Match。", "先读一次，带上它的 ETag 再改。",
        "If-Match is missing.", "Read it first and send its ETag."),
    ProblemType("idempotency_key_missing", 1, 400, _MAINTAINER, _NEVER,
        "缺少 Idempotency-Key。", "每个新建请求带一个自己的键。",
        "Idempotency-Key is missing.", "Send a key of your own with each creating request."),
    ProblemType("request_in_flight", 1, 409, _NOBODY, _LATER,
        "同一个请求正在处理。", "过一会儿用同一个键再问。",
        "The same request is being worked on.", "Ask again with the same key."),
    ProblemType("request_differs", 1, 422, _MAINTAINER, _NEVER,
        "这个键用过，内容不一样。", "新的内容用新的键。",
        "This key was used for another body.", "Use a new key for a new body."),
    ProblemType("form_expired", 1, 400, _YOU, _LATER,
        "这一页放得太久了。", "填过的在下面。再点一次就行。",
        "This page has been open too long.", "What you typed is below. Send it once more."),
    ProblemType("unknown_host", 1, 400, _ADMIN, _NEVER,
        "这个网址不是本站的。", "用开机时显示的地址。",
        "This address is not ours.", "Use the one shown at start."),
    ProblemType("too_many", 1, 429, _NOBODY, _LATER,
        "来得太快。", "过一会儿再试。", "Too many requests.", "Try again in a while."),
    # people
    ProblemType("not_signed_in", 1, 401, _YOU, _NEVER,
        "要先登录。", "登录以后接着办，填过的草稿还在。",
        "Sign in first.", "Then go on; drafts are kept."),
    ProblemType("sign_in_refused", 12, 401, _YOU, _NEVER,
        "用户名或密码不对。", "看一下大小写和输入法，再输一遍。",
        "User name and password do not match.", "Look at capitals; type it again."),
    ProblemType("too_many_tries", 12, 429, _YOU, _LATER,
        "错的次数太多，先停一停。", "等 {seconds} 秒再试。",
        "Too many wrong tries.", "Wait {seconds} seconds, then try again."),
    ProblemType("login_taken", 1, 409, _YOU, _NEVER,
        "这个用户名已经有了。", "换一个名字：{login}。",
        "This user name is taken.", "Choose another: {login}."),
    ProblemType("last_administrator", 1, 409, _YOU, _NEVER,
        "只剩这一个管理员，不能停用。", "先加一个新的管理员，再停用 {login}。",
        "This is the last administrator; it stays on.",
        "Add another administrator first, then disable {login}."),
    ProblemType("no_such_account", 1, 404, _YOU, _NEVER,
        "没有这个用户。", "用户名：{login}。", "There is no such user.", "User name: {login}."),
    ProblemType("no_account_for", 1, 403, _ADMIN, _NEVER,
        "这里没有人能做这一步。", "先加一个有权的用户。",
        "Nobody here may do this.", "Add a user whose role allows it."),
    ProblemType("unknown_role", 2, 422, _YOU, _NEVER,
        "没有这个角色。", "写的是：{role}。", "There is no such role.", "It says: {role}."),
    # cases
    ProblemType("no_catalogue", 1, 409, _COUNTY, _LATER,
        "事项目录还没有到这台电脑。", "连上网，点“立即再试”，等目录到了再受理。",
        "The catalogue has not reached this computer.", "Connect, try now, then take the case."),
    ProblemType("case_unknown", 1, 404, _YOU, _NEVER,
        "没有找到这个办件。", "对照回执再看一遍号码。",
        "There is no such case here.", "Compare the number with the receipt."),
    ProblemType("stale_view", 1, 412, _YOU, _NEVER,
        "您看的时候，别人已经处理过了。", "先看现在的结果，再决定。",
        "Somebody has dealt with this since you looked.", "Look again, then decide."),
    ProblemType("not_an_image", 1, 422, _YOU, _NEVER,
        "这个文件不是照片，或者坏了。", "重新拍一张，或者换成 JPEG、PNG。",
        "This file is no picture, or it is damaged.", "Take it again, or use JPEG or PNG."),
    # serving
    ProblemType("tls_needed", 1, 500, _ADMIN, _NEVER,
        "对外开放要有证书。", "{host} 不是本机。先开通，或者只开 127.0.0.1。",
        "Serving others needs a certificate.",
        "{host} is not this computer. Enrol first, or serve 127.0.0.1 only."),
    ProblemType("address_taken", 1, 500, _YOU, _LATER,
        "端口被占用，或者没有这个地址。", "{host}:{port}。换一个端口。",
        "The port is taken or the address is not here.", "{host}:{port}. Choose another port."),
    ProblemType("file_unreadable", 1, 400, _YOU, _NEVER,
        "文件打不开。", "文件：{path}。", "The file cannot be opened.", "File: {path}."),
)
# fmt: on

PROBLEMS = {row.slug: row for row in _ROWS}

CLASSES = {
    "builtins.KeyboardInterrupt": "cancelled",
    "casework.NumberRefused": "not_found",
    "casework.ProblemsError": "invalid",
    "click.Abort": "cancelled",
    "click.ClickException": "usage",
    "crypto.BadSignature": "unauthentic",
    "crypto.CryptoError": "malformed",
    "crypto.LimitExceeded": "over_limit",
    "crypto.Malformed": "malformed",
    "crypto.NotForUs": "not_for_us",
    "crypto.Tampered": "unauthentic",
    "crypto.UnknownKey": "unknown_sender",
    "crypto.WrongSecret": "wrong_key",
    "crypto.WrongType": "malformed",
    "flask_wtf.CSRFError": "form_expired",
    "node.AddressTaken": "address_taken",
    "node.AlreadyInitialised": "already_initialised",
    "node.BackupUnreadable": "backup_unreadable",
    "node.Busy": "busy",
    "node.Changed": "changed",
    "node.ClockSkew": "clock_skew",
    "node.Damaged": "damaged",
    "node.DatabaseUnreachable": "database_unreachable",
    "node.Deadlock": "deadlock",
    "node.DiskFailed": "disk_failed",
    "node.DiskFull": "disk_full",
    "node.LowSpace": "low_space",
    "node.FileUnreadable": "file_unreadable",
    "node.FormExpired": "form_expired",
    "node.IdempotencyKeyMissing": "idempotency_key_missing",
    "node.IntegrityFailed": "integrity_failed",
    "node.InvalidInput": "invalid",
    "node.KeyFileDamaged": "key_file_damaged",
    "node.KeyFileMissing": "key_file_missing",
    "node.LastAdministrator": "last_administrator",
    "node.Locked": "locked",
    "node.LoginTaken": "login_taken",
    "node.NeedsUpgrade": "needs_upgrade",
    "node.NewerDatabase": "newer_database",
    "node.NoAccountFor": "no_account_for",
    "node.NoDataDirectory": "no_data_directory",
    "node.NoLink": "no_link",
    "node.NoSuchAccount": "no_such_account",
    "node.NotAnImage": "not_an_image",
    "node.NotAllowed": "not_allowed",
    "node.NotFound": "not_found",
    "node.NotInitialised": "not_initialised",
    "node.NotSignedIn": "not_signed_in",
    "node.CaseUnknown": "case_unknown",
    "node.NoCatalogue": "no_catalogue",
    "node.StaleView": "stale_view",
    "node.PreconditionMissing": "precondition_missing",
    "node.RefusedByCounty": "refused_by_county",
    "node.RequestDiffers": "request_differs",
    "node.RequestInFlight": "request_in_flight",
    "node.SignInRefused": "sign_in_refused",
    "node.Stopped": "stopped",
    "node.TlsNeeded": "tls_needed",
    "node.TooManyTries": "too_many_tries",
    "node.UnknownRole": "unknown_role",
    "node.WrongKey": "wrong_key",
    "requests.RequestException": "no_link",
    "sync.Fork": "fork",
    "sync.Gap": "gap",
    "sync.LimitExceeded": "over_limit",
    "sync.Malformed": "malformed",
    "sync.NewerVersion": "newer_version",
    "sync.NotForUs": "not_for_us",
    "sync.NotOutstanding": "malformed",
    "sync.OldCopy": "old_copy",
    "sync.RemoteSyncError": "malformed",
    "sync.Unauthentic": "unauthentic",
    "sync.Unauthorised": "refused_by_county",
    "sync.UnknownReplica": "unknown_sender",
    "werkzeug.HTTPException": "bad_request",
    "werkzeug.InternalServerError": "failed",
    "werkzeug.MethodNotAllowed": "method_not_allowed",
    "werkzeug.NotFound": "not_found",
    "werkzeug.RequestEntityTooLarge": "over_limit",
    "werkzeug.SecurityError": "unknown_host",
    "werkzeug.TooManyRequests": "too_many",
    "werkzeug.UnsupportedMediaType": "unsupported_media",
}
"""`package.ClassName` → row. The most derived listed class decides."""
