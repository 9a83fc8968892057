import AWSModel
import AWSTypes

/// Amazon EventBridge: buses, rules and targets, archives and replays, connections and API destinations.
public final class EventsService: Service {
    public static let id = Events.id

    unowned let core: EngineCore
    var buses: [Scope: [String: EventBus]] = [:]
    var archives: [Scope: [String: EventArchive]] = [:]
    var replays: [Scope: [String: EventReplay]] = [:]
    var connections: [Scope: [String: EventConnection]] = [:]
    var destinations: [Scope: [String: APIDestination]] = [:]
    var endpoints: [Scope: [String: Events.DescribeEndpointResponse]] = [:]
    /// Deliveries that wait to be tried again.
    var waiting: [String: PendingDelivery] = [:]
    var lastArchivedID: Int64 = 0
    /// Events that are passing from one bus to another just now, by id.
    var forwarding: [String: String] = [:]
    /// Whether any bus's policy ever denied something; asked at every call.
    public internal(set) var holdsDenials = false

    public init(core: EngineCore) {
        self.core = core
        core.authorizer.register(self, for: "events")
    }

    public var operations: OperationTable {
        var table = OperationTable()
        table.on(Events.createEventBus, createEventBus)
        table.on(Events.deleteEventBus, deleteEventBus)
        table.on(Events.describeEventBus, describeEventBus)
        table.on(Events.updateEventBus, updateEventBus)
        table.on(Events.listEventBuses, listEventBuses)
        table.on(Events.putPermission, putPermission)
        table.on(Events.removePermission, removePermission)
        table.on(Events.putRule, putRule)
        table.on(Events.deleteRule, deleteRule)
        table.on(Events.describeRule, describeRule)
        table.on(Events.enableRule, enableRule)
        table.on(Events.disableRule, disableRule)
        table.on(Events.listRules, listRules)
        table.on(Events.listRuleNamesByTarget, listRuleNamesByTarget)
        table.on(Events.putTargets, putTargets)
        table.on(Events.removeTargets, removeTargets)
        table.on(Events.listTargetsByRule, listTargetsByRule)
        table.on(Events.putEvents, putEvents)
        table.on(Events.testEventPattern, testEventPattern)
        table.on(Events.tagResource, tagResource)
        table.on(Events.untagResource, untagResource)
        table.on(Events.listTagsForResource, listTagsForResource)
        addArchiveOperations(to: &table)
        addConnectionOperations(to: &table)
        return table
    }

    // MARK: Finding

    /// A bus by name or ARN. AWS: every account has `default` from the start.
    func bus(_ text: String?, _ scope: Scope) throws(ServiceError) -> EventBus {
        guard let bus = findBus(text, scope) else { throw .noEventBus(EventBus.name(text)) }
        return bus
    }

    func findBus(_ text: String?, _ scope: Scope) -> EventBus? {
        var scope = scope
        if let text, let arn = ARN(text), arn.service == "events" {
            scope = Scope(accountID: arn.accountID, region: arn.region)
        }
        let name = EventBus.name(text)
        if let bus = buses[scope]?[name] { return bus }
        guard name == "default" else { return nil }
        let bus = EventBus(scope: scope, name: name, created: core.now)
        buses[scope, default: [:]][name] = bus
        save(bus)
        return bus
    }

    func rule(_ name: String, on busName: String?, _ call: Call) throws(ServiceError) -> (EventBus, EventRule) {
        let bus = try bus(busName, call.scope)
        guard let rule = bus.rule(name) else {
            throw .eventsNotFound("Rule \(name) does not exist on EventBus \(bus.name).")
        }
        core.attribute(call, to: rule.arn)
        return (bus, rule)
    }

    // MARK: Pages

    /// One page of an ordered list. AWS: 100 a page unless the request limits it.
    func page<Item>(
        _ list: OrderedKeys<Item>, prefix: String?, token: String?, limit: Int?
    ) throws(ServiceError) -> Page<Item> {
        var last: String?
        if let token {
            guard let text = Base64.decode(token).map({ String(decoding: $0, as: UTF8.self) }), text.hasPrefix("ev:")
            else { throw .validation("Invalid next token.") }
            last = String(text.dropFirst(3))
        }
        let page = list.page(after: last, prefix: prefix ?? "", limit: limit ?? 100)
        return Page(
            items: page.entries.map(\.value),
            nextToken: page.hasMore ? page.entries.last.map { Base64.encode(Array("ev:\($0.key)".utf8)) } : nil)
    }

    struct Page<Item> {
        var items: [Item]
        var nextToken: String?
    }

    /// AWS: 100 a page unless the request limits it.
    func page<Item>(_ all: [Item], token: String?, limit: Int?) throws(ServiceError) -> Page<Item> {
        var start = 0
        if let token {
            guard let text = Base64.decode(token).map({ String(decoding: $0, as: UTF8.self) }), text.hasPrefix("ev:"),
                let index = Int(text.dropFirst(3))
            else { throw .validation("Invalid next token.") }
            start = min(index, all.count)
        }
        let end = min(start + (limit ?? 100), all.count)
        return Page(
            items: Array(all[start..<end]), nextToken: end < all.count ? Base64.encode(Array("ev:\(end)".utf8)) : nil)
    }

    // MARK: Changes

    func changed(_ rule: EventRule) {
        core.changes.mark(rule.arn)
        core.changes.mark("events:rules")
    }

    func compile(_ text: String) throws(ServiceError) -> EventPattern {
        do throws(EventPatternError) {
            return try EventPattern(text)
        } catch {
            throw .invalidPattern(error.message)
        }
    }
}

extension EventsService: ResourcePolicyHolder {
    public func resourcePolicy(of arn: String) -> String? {
        guard let parsed = ARN(arn), parsed.resourceType == "event-bus" else { return nil }
        return buses[Scope(accountID: parsed.accountID, region: parsed.region)]?[parsed.resourceName]?.policy
    }
}
