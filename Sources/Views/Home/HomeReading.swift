import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What Home knows of the engine behind it.
struct WorldSummary: Sendable, Hashable {
    var endpoint: String?
    var directory: String?
    var isReadOnly = false
}

/// The demo's traffic, as one line.
struct TrafficSummary: Sendable, Hashable {
    struct Source: Sendable, Hashable {
        var name: String
        var target: String
        var interval: Double
        var sent: Int
    }
    var isOn: Bool
    var sources: [Source]
}

/// A failure of the timeline.
struct RecentFailure: Identifiable, Sendable, Hashable {
    let id: Int
    var time: Instant
    var service: String
    var action: String
    var resource: String
    var error: String
    var detail: String
    var traceID: String?

    init(_ event: Skua.TimelineEvent) {
        id = event.id ?? 0
        time = event.time ?? .epoch
        service = event.service ?? ""
        action = event.kind == "invocation" ? "Invocation" : event.action ?? ""
        resource = event.resource ?? ""
        error = event.error ?? ""
        detail = event.detail ?? ""
        traceID = event.traceId
    }

    /// Without the legacy prefix that SQS puts before its own codes.
    var shortError: String { error.hasPrefix("AWS.SimpleQueueService.") ? String(error.dropFirst(23)) : error }
}

/// Everything on Home that changes with the world, read at once.
struct HomeReading: Sendable {
    var hasEngine: Bool
    var map = ResourceMap()
    /// What the engine finds wrong; nil where it cannot say.
    var problems: [ProblemRow]?
    var failures: [RecentFailure]?
    var traffic: TrafficSummary?
    var world: WorldSummary?
    var calls = ObservedCalls()
    /// When it was read, in the engine's milliseconds; nil where nobody tells.
    var time: Int64?
    /// What the map lacks, and why; nil where it is whole.
    var shortfall: String?
}

/// How many of something there are: exact, or at least so many where a listing goes on.
struct ResourceCount: Sendable, Hashable {
    var number: Int
    var isAtLeast = false

    var text: String { isAtLeast ? "\(number.grouped)+" : number.grouped }
}

extension HomeReading {
    /// Reads the engine: one look for each pane, side by side.
    static func engine(_ aws: AWSClient, calls known: ObservedCalls) async throws -> HomeReading {
        async let topology = aws.call(Skua.describeTopology, Skua.DescribeTopologyRequest())
        async let errors = aws.call(Skua.listTimeline, Skua.ListTimelineRequest(maxResults: 100, onlyErrors: true))
        async let problems = ProblemRow.all(aws)
        async let traffic = aws.call(Skua.describeTraffic, Skua.DescribeTrafficRequest())
        async let world = aws.call(Skua.describeWorld, Skua.DescribeWorldRequest())
        async let recent = recentCalls(aws, after: known.cursor)
        async let clock = try? aws.call(Skua.getClock, Skua.GetClockRequest())

        var reading = HomeReading(hasEngine: true)
        reading.calls = known
        reading.time = await clock?.now?.epochMilliseconds
        reading.calls.read(try await recent)
        // An engine of an earlier version cannot say what is wrong; all else is shown.
        reading.problems = try? await problems
        reading.map = ResourceMap(try await topology).adding(reading.calls).marking(reading.problems ?? [])
        reading.failures = (try await errors.events ?? []).map(RecentFailure.init)
        let sources = try await traffic
        reading.traffic = TrafficSummary(
            isOn: sources.isEnabled ?? false,
            sources: (sources.sources ?? []).map { source in
                TrafficSummary.Source(
                    name: source.name ?? "", target: ResourceName(source.targetArn ?? "").name,
                    interval: source.intervalSeconds ?? 0, sent: source.sent ?? 0)
            })
        let answer = try await world
        reading.world = WorldSummary(
            endpoint: answer.endpoint, directory: answer.directory, isReadOnly: answer.readOnly ?? false)
        return reading
    }

    /// Oldest first, whichever way they were listed.
    private static func recentCalls(_ aws: AWSClient, after cursor: Int?) async throws -> [Skua.TimelineEvent] {
        let request = Skua.ListTimelineRequest(after: cursor, maxResults: 1000, kinds: ["call", "invocation"])
        let events = try await aws.call(Skua.listTimeline, request).events ?? []
        return events.sorted { ($0.id ?? 0) < ($1.id ?? 0) }
    }

    /// Metrics, log groups and roles, which the map does not show; elsewhere what it shows of our engine only, too.
    static func otherCounts(_ aws: AWSClient, hasEngine: Bool) async -> [HomeService: ResourceCount] {
        async let roles = try? aws.call(IAM.listRoles, .init(maxItems: 100))
        async let elsewhere = hasEngine ? [:] : countsElsewhere(aws)
        async let metrics = try? aws.call(CloudWatch.listMetrics, .init())
        async let groups = try? aws.call(Logs.describeLogGroups, .init(limit: 50))
        var counts = await elsewhere
        if let answer = await roles {
            counts[.identities] = ResourceCount(number: answer.roles.count, isAtLeast: answer.isTruncated == true)
        }
        if let answer = await metrics {
            counts[.metrics] = ResourceCount(number: answer.metrics?.count ?? 0, isAtLeast: answer.nextToken != nil)
        }
        if let answer = await groups {
            counts[.logs] = ResourceCount(number: answer.logGroups?.count ?? 0, isAtLeast: answer.nextToken != nil)
        }
        return counts
    }

    /// A page of each is enough to tell whether there is something.
    private static func countsElsewhere(_ aws: AWSClient) async -> [HomeService: ResourceCount] {
        async let topics = try? aws.call(SNS.listTopics, .init())
        async let rules = try? aws.call(Events.listRules, .init())
        async let schedules = try? aws.call(Scheduler.listSchedules, .init(maxResults: 100))
        async let pipes = try? aws.call(Pipes.listPipes, .init())
        async let buckets = try? aws.call(S3.listBuckets, .init())
        var counts: [HomeService: ResourceCount] = [:]
        func set(_ service: HomeService, _ number: Int?, _ token: String?) {
            if let number { counts[service] = ResourceCount(number: number, isAtLeast: token != nil) }
        }
        let (someTopics, someRules, someSchedules) = await (topics, rules, schedules)
        let (somePipes, someBuckets) = await (pipes, buckets)
        set(.topics, someTopics?.topics?.count, someTopics?.nextToken)
        set(.events, someRules?.rules?.count, someRules?.nextToken)
        set(.schedules, someSchedules?.schedules.count, someSchedules?.nextToken)
        set(.pipes, somePipes?.pipes?.count, somePipes?.nextToken)
        set(.buckets, someBuckets.map { $0.buckets?.count ?? 0 }, someBuckets?.continuationToken)
        return counts
    }
}
