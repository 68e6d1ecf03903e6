using Ledger.Stocks;

namespace Ledger.Api.Problems;

/// <summary>Every failure that this service answers with, and refusals of stocks and statements; those of the wallet are in <see cref="RefusalProblems"/>.</summary>
/// <remarks><c>docs/errors.md</c> is this list in words; a test holds them together.</remarks>
public static class KnownProblems
{
    /// <summary>The body is no JSON text.</summary>
    public static KnownProblem JsonMalformed { get; } = new(
        "json_malformed", 400, "The body is not JSON", "请求体不是有效的 JSON", "Send one JSON text in UTF-8.");

    /// <summary>An object names a member twice.</summary>
    public static KnownProblem MemberDuplicate { get; } = new(
        "member_duplicate", 400, "A member comes twice", "JSON 成员重复", "Send each member once; readers disagree on which of two counts.");

    /// <summary>A member that is needed is absent or null.</summary>
    public static KnownProblem MemberMissing { get; } = new(
        "member_missing", 400, "A member is missing", "缺少 JSON 成员", "Add the member named by `path`.");

    /// <summary>A member that is not known here.</summary>
    public static KnownProblem MemberUnknown { get; } = new(
        "member_unknown", 400, "A member is not known", "存在未知的 JSON 成员", "Remove or rename the member named by `path`.");

    /// <summary>A member has another JSON type than it must have.</summary>
    public static KnownProblem MemberWrongType { get; } = new(
        "member_wrong_type", 400, "A member has the wrong type", "JSON 成员类型错误", "Correct the member named by `path`; numbers are not texts.");

    /// <summary>Points that are no whole number from 1 to 2^53−1.</summary>
    public static KnownProblem PointsInvalid { get; } = new(
        "points_invalid", 400, "This is no number of points", "积分数无效", "Send a whole JSON number from 1 to 9007199254740991.");

    /// <summary>A quantity that is no whole number from 1 to 2^53−1.</summary>
    public static KnownProblem QuantityInvalid { get; } = new(
        "quantity_invalid", 400, "This is no quantity", "数量无效", "Send a whole JSON number from 1 to 9007199254740991.");

    /// <summary>A hold's time limit that is no whole number of minutes from 1 to 4320.</summary>
    public static KnownProblem TimeLimitInvalid { get; } = new(
        "time_limit_invalid", 400, "This is no time limit", "保留时限无效", "Send whole minutes from 1 to 4320.");

    /// <summary>A hold that names a resident beside a paycode.</summary>
    public static KnownProblem PayerAmbiguous { get; } = new(
        "payer_ambiguous", 400, "Who pays?", "付款人不明确", "Name the resident or send a paycode, not both.");

    /// <summary>Text that is no paycode, or one whose check digit does not fit.</summary>
    public static KnownProblem PaycodeMistyped { get; } = new(
        "paycode_mistyped", 400, "The paycode is mistyped", "付款码输入有误", "Scan it again, or type its 18 digits again; nothing was looked up.");

    /// <summary>Text that is no voucher, or one that no key of the community signed.</summary>
    public static KnownProblem VoucherInvalid { get; } = new(
        "voucher_invalid", 400, "This is no voucher", "凭证无效", "Scan it again; one that was changed or that another community issued is worth nothing here.");

    /// <summary>What an event tells about an activity is no number and no word, or too much.</summary>
    public static KnownProblem AttributeInvalid { get; } = new(
        "attribute_invalid", 400, "This attribute cannot be taken", "活动属性无效",
        "Send whole numbers, or words of " + Identifier.Rule + "; at most 16 attributes and 16 tags.");

    /// <summary>Text that is no identifier.</summary>
    public static KnownProblem IdentifierInvalid { get; } = new(
        "identifier_invalid", 400, "This is no identifier", "标识符无效", "Use " + Identifier.Rule + ".");

    /// <summary>Text that is no time, or a time out of bounds.</summary>
    public static KnownProblem TimeInvalid { get; } = new(
        "time_invalid", 400, "This is no time", "时间无效",
        "Send RFC 3339 with an offset, such as 2026-03-01T08:00:00+08:00, from the year 1900 to the year 8999.");

    /// <summary>Text that is no date.</summary>
    public static KnownProblem DateInvalid { get; } = new(
        "date_invalid", 400, "This is no date", "日期无效", "Send a date such as 2026-03-01, from the year 1900 to the year 8999.");

    /// <summary>No place for what is left in a wallet that is closed.</summary>
    public static KnownProblem RemainderInvalid { get; } = new(
        "remainder_invalid", 400, "What is left cannot go there", "剩余积分去向无效", "Send `expire`, or `fund/` and the id of a fund.");

    /// <summary>A resident is to be erased and the body names another one.</summary>
    public static KnownProblem ConfirmationWrong { get; } = new(
        "confirmation_wrong", 400, "This confirms something else", "确认内容不符", "Repeat in `confirm` the id of the resident who is to be erased: there is no way back.");

    /// <summary>Text that is empty, too long or holds control characters.</summary>
    public static KnownProblem TextInvalid { get; } = new(
        "text_invalid", 400, "This text cannot be taken", "文本无效", "Keep to the length that `detail` names, without control characters.");

    /// <summary>What came is no CloudEvent 1.0.</summary>
    public static KnownProblem EventInvalid { get; } = new(
        "event_invalid", 400, "This is no CloudEvent", "不是有效的 CloudEvents 事件",
        "Send CloudEvents 1.0 with specversion, id, source, type and subject.");

    /// <summary>An event of a type that is not known here.</summary>
    public static KnownProblem EventTypeUnknown { get; } = new(
        "event_type_unknown", 400, "The type of event is not known", "未知的事件类型", "Use a type of docs/events.");

    /// <summary>What a merchant is said to be cannot be.</summary>
    public static KnownProblem MerchantInvalid { get; } = new(
        "merchant_invalid", 400, "This is no merchant", "商户信息无效", "Correct the member named by `path`; `detail` says what it may be.");

    /// <summary>A command without a key that makes it one command.</summary>
    public static KnownProblem IdempotencyKeyMissing { get; } = new(
        "idempotency_key_missing", 400, "The Idempotency-Key is missing", "缺少 Idempotency-Key",
        "Make a key, store it before sending, and send the same one again after a lost answer.");

    /// <summary>A key that cannot be one.</summary>
    public static KnownProblem IdempotencyKeyInvalid { get; } = new(
        "idempotency_key_invalid", 400, "The Idempotency-Key cannot be taken", "Idempotency-Key 无效",
        "Send one header of 1 to 255 visible ASCII characters, bare or in double quotes; a UUID is good.");

    /// <summary>A cursor that this list did not give.</summary>
    public static KnownProblem CursorInvalid { get; } = new(
        "cursor_invalid", 400, "This cursor is not from this list", "分页游标无效", "Follow `nextCursor` of the page before, or start without one.");

    /// <summary>A page size out of bounds.</summary>
    public static KnownProblem LimitInvalid { get; } = new(
        "limit_invalid", 400, "The limit cannot be taken", "分页大小无效", "Send a whole number from 1 to 200.");

    /// <summary>The caller serves all communities and did not say which one is meant.</summary>
    public static KnownProblem CommunityMissing { get; } = new(
        "community_missing", 400, "Which community?", "未指定社区", "Add ?community=ID, for the key is for all communities.");

    /// <summary>The request is no HTTP that this service reads.</summary>
    public static KnownProblem RequestMalformed { get; } = new(
        "request_malformed", 400, "The request cannot be read", "请求无法解析", "See `detail`.");

    /// <summary>No key, or one that does not count.</summary>
    public static KnownProblem Unauthenticated { get; } = new(
        "unauthenticated", 401, "Who is calling?", "未通过身份验证", "Send Authorization: Bearer and an API key that is neither expired nor revoked.");

    /// <summary>The caller's role may not do this.</summary>
    public static KnownProblem Forbidden { get; } = new(
        "forbidden", 403, "The key may not do this", "无权执行此操作", "Use a key with a role that `detail` names.");

    /// <summary>The caller may not speak for this source.</summary>
    public static KnownProblem SourceNotGranted { get; } = new(
        "source_not_granted", 403, "The source is not granted to the caller", "未授权使用该事件来源", "Ask an operator for a key with this source.");

    /// <summary>The caller's key is for another community.</summary>
    public static KnownProblem CommunityNotGranted { get; } = new(
        "community_not_granted", 403, "The key is for another community", "密钥不属于该社区", "Use a key of that community.");

    /// <summary>The caller acts for another merchant.</summary>
    public static KnownProblem MerchantNotGranted { get; } = new(
        "merchant_not_granted", 403, "The key is for another merchant", "密钥不属于该商户", "Use the key of that merchant.");

    /// <summary>The caller's key is for another till.</summary>
    public static KnownProblem TerminalNotGranted { get; } = new(
        "terminal_not_granted", 403, "The key is for another terminal", "密钥不属于该收银终端", "Leave the terminal out: it is that of the key.");

    /// <summary>A merchant that registered its tills holds or refunds at none of them.</summary>
    public static KnownProblem TerminalRequired { get; } = new(
        "terminal_required", 403, "Which till is it?", "缺少收银终端",
        "Send `terminal`, one that an operator registered for the merchant, or use a key that is for one. Nothing was done, and the reference is still free.");

    /// <summary>The caller may read another resident only.</summary>
    public static KnownProblem ResidentNotGranted { get; } = new(
        "resident_not_granted", 403, "The key is for another resident", "密钥不属于该居民", "A resident's key is for that resident only.");

    /// <summary>A merchant would take the points of a resident whom it names itself.</summary>
    public static KnownProblem PaycodeRequired { get; } = new(
        "paycode_required", 403, "A till names no resident", "收银终端不得指定居民",
        "Send a hold with the `paycode` that the resident shows or that /v1/members/find gives; only apps name residents. Nothing was done, and the reference is still free.");

    /// <summary>A hold for a member who was found at a counter, above the limit and without a PIN.</summary>
    public static KnownProblem PinRequired { get; } = new(
        "pin_required", 403, "The member's PIN is needed", "需要会员密码",
        "Have the member type the PIN and send the same with `pin`; where none is set, a paycode of the member's phone needs none.");

    /// <summary>A wrong PIN.</summary>
    public static KnownProblem PinWrong { get; } = new(
        "pin_wrong", 403, "The PIN is wrong", "会员密码错误", "Have the member type it again; `attemptsLeft` says how often. Nothing was done, and the code is not used up.");

    /// <summary>Too many PINs were wrong.</summary>
    public static KnownProblem PinLocked { get; } = new(
        "pin_locked", 403, "Too many PINs were wrong", "会员密码已锁定", "Wait as long as Retry-After says, have an operator set a new one, or scan a paycode of the member's phone.");

    /// <summary>A voucher for another merchant.</summary>
    public static KnownProblem VoucherForeign { get; } = new(
        "voucher_foreign", 403, "The voucher is for another merchant", "凭证不属于该商户", "Only the merchant whom `detail` names can take it.");

    /// <summary>Nothing lies at this address.</summary>
    public static KnownProblem NotFound { get; } = new(
        "not_found", 404, "Nothing is here", "地址不存在", "See the OpenAPI document for all addresses.");

    /// <summary>No community of that name.</summary>
    public static KnownProblem CommunityNotFound { get; } = new(
        "community_not_found", 404, "There is no such community", "社区不存在", "Add it with POST /v1/communities.");

    /// <summary>The wallet has no transaction of that number.</summary>
    public static KnownProblem TransactionNotFound { get; } = new(
        "transaction_not_found", 404, "There is no such transaction", "交易不存在", "See the resident's transactions for their numbers.");

    /// <summary>The transaction gave nothing to another resident.</summary>
    public static KnownProblem GiftNotFound { get; } = new(
        "gift_not_found", 404, "There is no such gift", "赠送不存在", "A gift has the number of the transaction that gave it.");

    /// <summary>Nobody registered the merchant.</summary>
    public static KnownProblem MerchantNotFound { get; } = new(
        "merchant_not_found", 404, "Nobody registered this merchant", "商户未登记", "Register it with PUT /v1/merchants/{merchant}.");

    /// <summary>No resident has this member code or phone number.</summary>
    public static KnownProblem MemberNotFound { get; } = new(
        "member_not_found", 404, "No member was found", "未找到会员", "Read the card or type the number again.");

    /// <summary>The merchant has no statement of that day.</summary>
    public static KnownProblem StatementNotFound { get; } = new(
        "statement_not_found", 404, "There is no statement of that day", "没有该日的结算单", "See the merchant's statements for their days.");

    /// <summary>A paycode that nobody was given, or that ended long ago.</summary>
    public static KnownProblem PaycodeUnknown { get; } = new(
        "paycode_unknown", 404, "Nobody was given this paycode", "付款码不存在", "Have the resident show a new code, and scan it. The reference is still free.");

    /// <summary>No hold came with the merchant's reference.</summary>
    public static KnownProblem ReferenceNotFound { get; } = new(
        "reference_not_found", 404, "No hold came with this reference", "没有该商户单号的记录", "Send the hold again, or void the reference so that it never comes.");

    /// <summary>The mall has no reward of that id.</summary>
    public static KnownProblem RewardNotFound { get; } = new(
        "reward_not_found", 404, "There is no such reward", "奖品不存在", "See GET /v1/rewards for their ids.");

    /// <summary>Fewer of a limited reward are left than were asked for.</summary>
    public static KnownProblem RewardSoldOut { get; } = Refusal(
        Stock.SoldOut, "Not so many of the reward are left", "奖品库存不足", "Redeem at most `left`, or choose another reward; with a new Idempotency-Key.");

    /// <summary>Fewer of a limited reward are left than were to be taken out.</summary>
    public static KnownProblem StockTooSmall { get; } = Refusal(
        Stock.TooFew, "Fewer are left than were to be taken out", "库存少于要减去的数量", "Take out at most `left`, with a new Idempotency-Key.");

    /// <summary>Nothing was redeemed under that id.</summary>
    public static KnownProblem RedemptionNotFound { get; } = new(
        "redemption_not_found", 404, "There is no such redemption", "兑换单不存在", "Redeem again, or use the id that the receipt names.");

    /// <summary>A category that the mall does not have.</summary>
    public static KnownProblem CategoryUnknown { get; } = new(
        "category_unknown", 400, "The category is not known", "未知的奖品类别", "Use one that `detail` names.");

    /// <summary>The reward has mistakes.</summary>
    public static KnownProblem RewardInvalid { get; } = new(
        "reward_invalid", 422, "The reward has mistakes", "奖品设置有错误", "Correct what `problems` lists with JSON paths, then send it again.");

    /// <summary>The community has as many rewards as it may.</summary>
    public static KnownProblem TooManyRewards { get; } = new(
        "too_many_rewards", 409, "The community has too many rewards", "奖品数量已达上限", "Put another text under the id of one that is withdrawn.");

    /// <summary>The journal does not know the event.</summary>
    public static KnownProblem EventNotFound { get; } = new(
        "event_not_found", 404, "No such event was recorded", "没有该事件的记录", "It never arrived, or it was malformed or forbidden: send it (again).");

    /// <summary>No key of that id.</summary>
    public static KnownProblem KeyNotFound { get; } = new(
        "key_not_found", 404, "There is no such key", "密钥不存在", "See GET /v1/keys for their ids.");

    /// <summary>The community has no programme version of that number.</summary>
    public static KnownProblem ProgrammeNotFound { get; } = new(
        "programme_not_found", 404, "There is no such programme version", "积分方案版本不存在", "See GET /v1/programmes for their numbers.");

    /// <summary>The community has no draft of that id.</summary>
    public static KnownProblem DraftNotFound { get; } = new(
        "draft_not_found", 404, "There is no such draft", "方案草稿不存在", "See GET /v1/drafts for their ids.");

    /// <summary>The community has no re-rating of that id.</summary>
    public static KnownProblem ReratingNotFound { get; } = new(
        "rerating_not_found", 404, "There is no such re-rating", "重新核算不存在", "See GET /v1/reratings for their ids.");

    /// <summary>The address knows other methods.</summary>
    public static KnownProblem MethodNotAllowed { get; } = new(
        "method_not_allowed", 405, "The address does not know this method", "不支持该请求方法", "Use a method of the Allow header.");

    /// <summary>The community's identifier is taken.</summary>
    public static KnownProblem CommunityExists { get; } = new(
        "community_exists", 409, "The community exists already", "社区已存在", "Nothing is to be done, or choose another id.");

    /// <summary>The client has a key already.</summary>
    public static KnownProblem ClientExists { get; } = new(
        "client_exists", 409, "The client exists already", "客户端已存在", "Rotate its key, also a revoked one, or choose another client id.");

    /// <summary>A phone or member code that is another resident's.</summary>
    public static KnownProblem ProfileTaken { get; } = new(
        "profile_taken", 409, "Another resident has this phone or member code", "手机号或会员码已被使用", "Use another one, or take it from the other resident's profile first.");

    /// <summary>The key that is to be revoked is the one that the request came with.</summary>
    public static KnownProblem KeyInUse { get; } = new(
        "key_in_use", 409, "This key is in use by this very request", "不能吊销当前正在使用的密钥", "Rotate it, then revoke it with the new one.");

    /// <summary>Another programme was published at the same moment.</summary>
    public static KnownProblem ProgrammeConflict { get; } = new(
        "programme_conflict", 409, "Another programme came first", "方案发布冲突", "Read the versions again, then publish again.");

    /// <summary>A gift that arrived was to be taken back.</summary>
    public static KnownProblem GiftDelivered { get; } = new(
        "gift_delivered", 409, "The gift was delivered", "赠送已送达", "Nothing is to be done: ask the receiver to give it back.");

    /// <summary>A published draft was to be changed.</summary>
    public static KnownProblem DraftPublished { get; } = new(
        "draft_published", 409, "The draft is published", "草稿已发布", "A version never changes: begin a new draft with its text.");

    /// <summary>The community has as many drafts as it may.</summary>
    public static KnownProblem TooManyDrafts { get; } = new(
        "too_many_drafts", 409, "The community has too many drafts", "草稿数量已达上限", "Delete one that is published or given up.");

    /// <summary>A day that is to be closed before its cut-off.</summary>
    public static KnownProblem StatementNotDue { get; } = Refusal(
        "statement_not_due", "The cut-off has not passed", "尚未到结算截止时间", "Close the day after its cut-off, with a new Idempotency-Key.");

    /// <summary>A day that is closed is to be closed.</summary>
    public static KnownProblem StatementAlreadyClosed { get; } = Refusal(
        "statement_already_closed", "The statement is closed already", "结算单已关闭", "Nothing is to be done: read the statement. What came later is in the next day.");

    /// <summary>A day that is not closed is to be disputed or paid.</summary>
    public static KnownProblem StatementNotClosed { get; } = Refusal(
        "statement_not_closed", "The statement is not closed", "结算单尚未关闭", "Close the day first; then send it with a new Idempotency-Key.");

    /// <summary>A disputed statement is to be paid or disputed.</summary>
    public static KnownProblem StatementDisputed { get; } = Refusal(
        "statement_disputed", "The statement is disputed", "结算单有争议", "An operator confirms it first; then send it with a new Idempotency-Key.");

    /// <summary>A statement that nobody objects to is to be confirmed.</summary>
    public static KnownProblem StatementNotDisputed { get; } = Refusal(
        "statement_not_disputed", "Nobody objects to the statement", "结算单没有争议", "Nothing is to be done.");

    /// <summary>A paid statement is to be changed.</summary>
    public static KnownProblem StatementAlreadyPaid { get; } = Refusal(
        "statement_already_paid", "The statement is paid", "结算单已支付", "Nothing is to be done. What was wrong is put right by refunds of a later day.");

    /// <summary>A statement with something odd in it is to be paid.</summary>
    public static KnownProblem StatementHeld { get; } = Refusal(
        "statement_held", "Something odd holds the statement", "结算单因异常暂缓支付", "An operator looks at `signals` of the statement and clears it; then send it with a new Idempotency-Key.");

    /// <summary>A statement that nothing holds is to be cleared.</summary>
    public static KnownProblem StatementNotHeld { get; } = Refusal(
        "statement_not_held", "Nothing holds the statement", "结算单没有被暂缓", "Nothing is to be done.");

    /// <summary>A re-rating that was decided before.</summary>
    public static KnownProblem ReratingDecided { get; } = new(
        "rerating_decided", 409, "The re-rating is decided", "重新核算已有决定", "Nothing is to be done; propose another one where it is needed.");

    /// <summary>A period that comes out otherwise than when it was proposed.</summary>
    public static KnownProblem ReratingChanged { get; } = new(
        "rerating_changed", 409, "The re-rating comes out otherwise now", "重新核算结果已变化", "Reject it and propose it again: history was imported meanwhile.");

    /// <summary>A period that was corrected before.</summary>
    public static KnownProblem ReratingOverlaps { get; } = new(
        "rerating_overlaps", 409, "A part of the period was corrected before", "部分时段已被重新核算", "Propose a period that shares no moment with an approved one.");

    /// <summary>As many proposals wait as may.</summary>
    public static KnownProblem TooManyReratings { get; } = new(
        "too_many_reratings", 409, "Too many re-ratings wait for a decision", "待决定的重新核算过多", "Have some approved or rejected.");

    /// <summary>Whoever proposed a re-rating wants to approve it.</summary>
    public static KnownProblem ReratingOwnProposal { get; } = new(
        "rerating_own_proposal", 422, "Nobody approves his own re-rating", "不能批准自己提出的重新核算", "Another operator approves it, with a key of another client.");

    /// <summary>A re-rating that would change nothing.</summary>
    public static KnownProblem ReratingEmpty { get; } = new(
        "rerating_empty", 422, "The re-rating would change nothing", "重新核算不会产生变化", "Nothing is to be done; check the period and the programme.");

    /// <summary>Somebody else has changed it meanwhile.</summary>
    public static KnownProblem PreconditionFailed { get; } = new(
        "precondition_failed", 412, "Somebody else has changed it", "内容已被他人修改", "Read it again, and send your change with the ETag that you then get.");

    /// <summary>A change that does not say what it changes.</summary>
    public static KnownProblem PreconditionRequired { get; } = new(
        "precondition_required", 428, "The If-Match is missing", "缺少 If-Match", "Send If-Match with the ETag that you read: so nobody undoes what he has not seen.");

    /// <summary>The body is larger than is read here.</summary>
    public static KnownProblem BodyTooLarge { get; } = new(
        "body_too_large", 413, "The body is too large", "请求体过大", "Send less at once; `detail` names the limit.");

    /// <summary>More events at once than are taken.</summary>
    public static KnownProblem BatchTooLarge { get; } = new(
        "batch_too_large", 413, "Too many events at once", "批量事件过多", "Send at most 500 events in a batch.");

    /// <summary>A content type that is not read here.</summary>
    public static KnownProblem MediaTypeUnsupported { get; } = new(
        "media_type_unsupported", 415, "The content type is not read here", "不支持的内容类型", "Send the content type that `detail` names.");

    /// <summary>The command's key belongs to another command.</summary>
    public static KnownProblem CommandIdReused { get; } = new(
        "command_id_reused", 422, "The id belongs to another command", "该命令标识已被其他命令使用",
        "An id (an event's source and id, or an Idempotency-Key) stands for one command for ever: make a new id for a new command.");

    /// <summary>A household that nobody ever belonged to.</summary>
    public static KnownProblem HouseholdNotFound { get; } = new(
        "household_not_found", 404, "There is no such household", "家庭不存在", "Add its first member: PUT /v1/households/{household}/members/{resident}.");

    /// <summary>A number under which a household spent nothing.</summary>
    public static KnownProblem PooledSpendNotFound { get; } = new(
        "pooled_spend_not_found", 404, "There is no such pooled spend", "家庭消费不存在", "A pooled spend has the number that its answer names.");

    /// <summary>A till's command for a sale that a household paid.</summary>
    public static KnownProblem SaleIsPooled { get; } = new(
        "sale_is_pooled", 409, "A household paid this sale", "该笔交易由家庭共同支付", "Refund it under its household: POST /v1/households/{household}/spends/{spend}/refunds.");

    /// <summary>A buyer who does not belong to the household.</summary>
    public static KnownProblem NotAMember { get; } = new(
        "not_a_member", 422, "The resident does not belong to the household", "居民不是该家庭的成员", "Add the resident first, or name a member; under a new reference.")
    {
        IsRefusal = true,
    };

    /// <summary>A household with as many members as there may be.</summary>
    public static KnownProblem HouseholdFull { get; } = new(
        "household_full", 422, "The household takes no further member", "家庭成员已满", "Take somebody out first, then send it with a new Idempotency-Key.")
    {
        IsRefusal = true,
    };

    /// <summary>A household of which too much is not finished.</summary>
    public static KnownProblem HouseholdBusy { get; } = new(
        "household_busy", 422, "Too much of the household is under way", "家庭在途事项过多", "Wait until some of it is finished, then send it with a new Idempotency-Key; a spend under a new reference, too.")
    {
        IsRefusal = true,
    };

    /// <summary>A spend for which the members together could not give enough.</summary>
    public static KnownProblem PoolTooSmall { get; } = new(
        "pool_too_small", 422, "The members could not give so much", "家庭可用积分不足", "Ask for at most what `offers` add up to, or have members consent to more; under a new reference.")
    {
        IsRefusal = true,
    };

    /// <summary>A share that a member's wallet refused.</summary>
    public static KnownProblem ShareRefused { get; } = new(
        "share_refused", 422, "A member's wallet refused its share", "成员钱包拒绝支付", "Nothing was taken of anybody. `why` says what is in the way; spend again under a new reference.")
    {
        IsRefusal = true,
    };

    /// <summary>A pooled spend that took too long.</summary>
    public static KnownProblem PoolNotInTime { get; } = new(
        "pool_not_in_time", 422, "It took too long to hold every share", "未能及时保留全部积分", "Nothing was taken of anybody. Spend again under a new reference.")
    {
        IsRefusal = true,
    };

    /// <summary>A refund of a pooled spend of which nothing was taken.</summary>
    public static KnownProblem PooledSpendNotCaptured { get; } = new(
        "pooled_spend_not_captured", 422, "Nothing of it was captured", "该家庭消费未收取积分", "Nothing is to be done: all shares went back, or are still held.")
    {
        IsRefusal = true,
    };

    /// <summary>A refund of more than a pooled spend took.</summary>
    public static KnownProblem PooledRefundExceeds { get; } = new(
        "pooled_refund_exceeds", 422, "More than was spent would come back", "退还超过消费数", "Refund at most what is left of the spend.")
    {
        IsRefusal = true,
    };

    /// <summary>A voucher that was redeemed before.</summary>
    public static KnownProblem VoucherRedeemed { get; } = new(
        "voucher_redeemed", 422, "The voucher was redeemed", "凭证已使用", "Its points were taken, `at` that time and at that `terminal`: nothing more comes of it. Take other money.");

    /// <summary>A voucher whose points went back to the resident.</summary>
    public static KnownProblem VoucherExpired { get; } = new(
        "voucher_expired", 422, "The voucher has expired", "凭证已过期", "Its points went back to the resident. Hand vouchers in within 24 hours after their end.");

    /// <summary>A programme was to start in the past.</summary>
    public static KnownProblem EffectiveFromInPast { get; } = new(
        "effective_from_in_past", 422, "A programme cannot start in the past", "方案不能在过去生效",
        "Publish with an effectiveFrom that is still to come: what was decided stays decided. A past period is re-rated.");

    /// <summary>A replay while another one runs.</summary>
    public static KnownProblem ReplayRunning { get; } = new(
        "replay_running", 409, "Another replay is running", "已有方案回放正在进行", "Wait until it has ended, or use the command line; nothing was begun.");

    /// <summary>A programme that would count before every silo knows it.</summary>
    public static KnownProblem EffectiveFromTooSoon { get; } = new(
        "effective_from_too_soon", 422, "A programme needs a minute to become known", "积分方案需要提前一分钟发布",
        "Send an effectiveFrom at least 60 seconds ahead, so that every silo knows the version before it counts.");

    /// <summary>Terms that would count before every silo knows them.</summary>
    public static KnownProblem TermsTooSoon { get; } = new(
        "terms_too_soon", 422, "Terms need a minute to become known", "商户条款需要提前一分钟设定",
        "Send an effectiveFrom at least 60 seconds ahead, or none for as soon as can be: terms that count never change.");

    /// <summary>The programme has mistakes.</summary>
    public static KnownProblem ProgrammeInvalid { get; } = new(
        "programme_invalid", 422, "The programme has mistakes", "积分方案有错误", "Correct what `problems` lists with JSON paths, then publish again.");

    /// <summary>A key would be granted what does not fit together.</summary>
    public static KnownProblem GrantInvalid { get; } = new(
        "grant_invalid", 422, "These grants do not fit together", "密钥授权组合无效", "See `detail`.");

    /// <summary>The caller asked too often.</summary>
    public static KnownProblem TooManyRequests { get; } = new(
        "too_many_requests", 429, "Too many requests", "请求过于频繁", "Wait as long as Retry-After says, then send the same again.");

    /// <summary>A resident with as many paycodes as there may be.</summary>
    public static KnownProblem TooManyPaycodes { get; } = new(
        "too_many_paycodes", 429, "The resident has too many paycodes", "付款码过多", "Show one that was given before, or wait as long as Retry-After says.");

    /// <summary>The caller named too many paycodes, cards or phone numbers that are nobody's.</summary>
    public static KnownProblem TooManyWrongPaycodes { get; } = new(
        "too_many_wrong_paycodes", 429, "Too many codes were unknown", "错误代码过多", "Wait as long as Retry-After says, then send the same again.");

    /// <summary>A mistake of this service.</summary>
    public static KnownProblem InternalError { get; } = new(
        "internal_error", 500, "The service made a mistake", "服务内部错误", "Send the same again; report `traceId` when it stays.");

    /// <summary>Too much waits to be written.</summary>
    public static KnownProblem Busy { get; } = new(
        "busy", 503, "The service is busy", "服务繁忙", "Nothing was done. Wait as long as Retry-After says, then send the same again.");

    /// <summary>What was asked for has begun, and is not finished yet.</summary>
    public static KnownProblem UnderWay { get; } = new(
        "under_way", 503, "It is not finished yet", "尚未完成",
        "It has begun and goes on by itself. Wait as long as Retry-After says, then send the same again: it is done once, and you hear what became of it.");

    /// <summary>A community's books would hold more points than a number can.</summary>
    public static KnownProblem CommunityTotalLimit { get; } = new(
        "community_total_limit", 422, "The community's books are full", "社区积分总量已达上限",
        "Nothing was done, and nothing more of this size will be: an operator looks for events with wrong quantities.");

    /// <summary>The store did not answer, or not clearly.</summary>
    public static KnownProblem Unavailable { get; } = new(
        "unavailable", 503, "The service cannot answer now", "服务暂不可用",
        "Wait as long as Retry-After says, then send the same again with the same id: it is done once.");

    /// <summary>All of the above and all refusals, by status and code.</summary>
    public static IReadOnlyList<KnownProblem> All { get; } =
    [
        .. typeof(KnownProblems).GetProperties()
            .Where(property => property.PropertyType == typeof(KnownProblem))
            .Select(property => (KnownProblem)property.GetValue(null)!)
            .Concat(RefusalProblems.All)
            .OrderBy(problem => problem.Status)
            .ThenBy(problem => problem.Code, StringComparer.Ordinal),
    ];

    /// <summary>The problem of a code; null when there is none.</summary>
    public static KnownProblem? Find(string code) => All.FirstOrDefault(problem => problem.Code == code);

    private static KnownProblem Refusal(string code, string title, string chineseTitle, string cure) =>
        new(code, 422, title, chineseTitle, cure) { IsRefusal = true };
}
