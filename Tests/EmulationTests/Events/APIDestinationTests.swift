import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Events that leave by HTTP: authorization, rates, retries.
struct APIDestinationTests {
    private let fixture: EventsFixture
    private var engine: TestEngine { fixture.engine }

    init() throws { fixture = try EventsFixture() }

    private func destination(_ connection: String, rate: Int? = nil) throws -> String {
        let arn = try engine.call(Events.describeConnection, .init(name: connection)).connectionArn ?? ""
        return try engine.call(
            Events.createApiDestination,
            .init(
                name: "d", connectionArn: arn, invocationEndpoint: "https://example.com/*/in", httpMethod: "POST",
                invocationRateLimitPerSecond: rate)
        ).apiDestinationArn ?? ""
    }

    private func basic() throws {
        try engine.call(
            Events.createConnection,
            .init(
                name: "c", authorizationType: "BASIC",
                authParameters: .init(basicAuthParameters: .init(username: "me", password: "secret"))))
    }

    private func rule(to arn: String, dead: String? = nil) throws {
        try fixture.rule(
            #"{"source":["shop"]}"#,
            targets: [
                .init(
                    id: "1", arn: arn, roleArn: EventsFixture.role,
                    httpParameters: .init(
                        pathParameterValues: ["a b"], headerParameters: ["X-Kind": "order"],
                        queryStringParameters: ["q": "1"]),
                    deadLetterConfig: dead.map { .init(arn: $0) })
            ])
    }

    @Test func aRequestCarriesWhatTargetAndConnectionSay() throws {
        try basic()
        try rule(to: try destination("c"))
        var seen: [OutgoingRequest] = []
        engine.respond = {
            seen.append($0)
            return .success(OutgoingResponse(status: 200))
        }
        try fixture.put(detail: #"{"n":1}"#)
        let request = try #require(seen.first)
        #expect(request.url == "https://example.com/a%20b/in?q=1")
        #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Basic bWU6c2VjcmV0" })
        #expect(request.headers.contains { $0.name == "X-Kind" && $0.value == "order" })
        #expect(try JSONReader.parse(request.body)["detail"]?["n"]?.integer == 1)
    }

    /// AWS: what is over the rate waits for its turn, across a restart too.
    @Test func theRateIsKept() throws {
        let journal = try Journal(path: nil)
        let first = try EventsFixture(journal: journal)
        try first.engine.call(
            Events.createConnection,
            .init(
                name: "c", authorizationType: "API_KEY",
                authParameters: .init(apiKeyAuthParameters: .init(apiKeyName: "x-key", apiKeyValue: "v"))))
        let connection = try first.engine.call(Events.describeConnection, .init(name: "c")).connectionArn ?? ""
        let arn =
            try first.engine.call(
                Events.createApiDestination,
                .init(
                    name: "d", connectionArn: connection, invocationEndpoint: "https://example.com/",
                    httpMethod: "POST",
                    invocationRateLimitPerSecond: 2)
            ).apiDestinationArn ?? ""
        try first.rule(
            #"{"source":["shop"]}"#, targets: [.init(id: "1", arn: arn, roleArn: EventsFixture.role)])
        var count = 0
        let answer: (OutgoingRequest) -> OutgoingResult = { _ in
            count += 1
            return .success(OutgoingResponse(status: 200))
        }
        first.engine.respond = answer
        for _ in 0..<5 { try first.put() }
        #expect(count == 1)
        first.engine.advance(by: .milliseconds(500))
        #expect(count == 2)
        let second = try EventsFixture(journal: journal, wall: first.engine.wall)
        second.engine.respond = answer
        second.engine.advance(by: .seconds(5))
        #expect(count == 5)
    }

    @Test func refusalsAreRetriedOrBuriedByTheirStatus() throws {
        try basic()
        try fixture.queue("dead")
        try rule(to: try destination("c"), dead: fixture.arn("dead"))
        var statuses = [503, 200, 404]
        var count = 0
        engine.respond = { _ in
            count += 1
            return .success(OutgoingResponse(status: statuses.removeFirst()))
        }
        try fixture.put()
        #expect(count == 1)
        engine.advance(by: .seconds(60))
        #expect(count == 2)
        try fixture.put()
        engine.advance(by: .seconds(60))
        #expect(count == 3)
        let buried = try fixture.receive("dead")
        #expect(buried.first?.messageAttributes?["ERROR_CODE"]?.stringValue == "INVALID_REQUEST")
    }

    /// AWS: a token is fetched when the connection is made, used until it ends, and fetched anew after that or a 401.
    @Test func aTokenIsFetchedAndRefreshedByTheClock() throws {
        var tokens = 0
        var authorizations: [String] = []
        var refuses = false
        engine.respond = { request in
            if request.url.hasPrefix("https://login.example.com/token") {
                tokens += 1
                return .success(
                    OutgoingResponse(
                        status: 200, body: Array(#"{"access_token":"t\#(tokens)","expires_in":600}"#.utf8)))
            }
            authorizations.append(request.headers.first { $0.name == "Authorization" }?.value ?? "")
            defer { refuses = false }
            return .success(OutgoingResponse(status: refuses ? 401 : 200))
        }
        let state = try engine.call(
            Events.createConnection,
            .init(
                name: "c", authorizationType: "OAUTH_CLIENT_CREDENTIALS",
                authParameters: .init(
                    oAuthParameters: .init(
                        clientParameters: .init(clientID: "id", clientSecret: "s"),
                        authorizationEndpoint: "https://login.example.com/token", httpMethod: "POST")))
        ).connectionState
        #expect(state == "AUTHORIZING")
        #expect(try engine.call(Events.describeConnection, .init(name: "c")).connectionState == "AUTHORIZED")
        #expect(tokens == 1)
        try rule(to: try destination("c"))
        try fixture.put()
        try fixture.put()
        engine.advance(by: .seconds(1))
        #expect(authorizations == ["Bearer t1", "Bearer t1"])
        engine.advance(by: .seconds(600))
        try fixture.put()
        #expect(authorizations.last == "Bearer t2")
        refuses = true
        engine.advance(by: .seconds(1))
        try fixture.put()
        engine.advance(by: .seconds(60))
        #expect(authorizations.suffix(2) == ["Bearer t2", "Bearer t3"])
    }

    /// AWS: kept for the archive's days, counted from the event's time, whoever looks.
    @Test func anArchiveForgetsByTheClock() throws {
        let bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        try engine.call(
            Events.createArchive, .init(archiveName: "a", eventSourceArn: bus, retentionDays: 1))
        try fixture.put()
        engine.advance(by: .seconds(43_200))
        try fixture.put()
        func kept() throws -> Int {
            var count = 0
            try engine.core.journal.rows.forEach("SELECT count(*) FROM events_archived") { count = $0.int(0) }
            return count
        }
        #expect(try kept() == 2)
        engine.advance(by: .seconds(43_200))
        #expect(try kept() == 1)
        #expect(try engine.call(Events.describeArchive, .init(archiveName: "a")).eventCount == 1)
        engine.advance(by: .seconds(43_200))
        #expect(try kept() == 0)
    }

    @Test func aPipeCallsDestinationsToo() throws {
        try basic()
        let arn = try destination("c")
        try fixture.queue("from")
        var bodies: [String] = []
        engine.respond = { request in
            bodies.append(String(decoding: request.body, as: UTF8.self))
            let answer = bodies.count == 1 ? #"[{"rich":1},{"rich":2}]"# : "{}"
            return .success(OutgoingResponse(status: 200, body: Array(answer.utf8)))
        }
        try engine.call(
            Pipes.createPipe,
            .init(
                name: "p", source: fixture.arn("from"), enrichment: arn,
                enrichmentParameters: .init(inputTemplate: #"{"n":<$.body.n>}"#), target: arn,
                targetParameters: .init(httpParameters: .init(pathParameterValues: ["$.rich"])),
                roleArn: EventsFixture.role))
        engine.advance(by: .seconds(2))
        try engine.call(SQS.sendMessage, .init(queueUrl: fixture.url("from"), messageBody: #"{"n":7}"#))
        #expect(bodies == [#"[{"n":7}]"#, #"{"rich":1}"#, #"{"rich":2}"#])
        #expect(try fixture.receive("from").isEmpty)
    }

    @Test func listsArePagesInOrder() throws {
        for number in 0..<25 {
            try engine.call(
                Events.putRule, .init(name: "r\(100 + number)", eventPattern: #"{"source":["s"]}"#))
            try engine.call(
                Events.putTargets, .init(rule: "r\(100 + number)", targets: [.init(id: "1", arn: fixture.arn("q"))]))
        }
        var names: [String] = []
        var token: String?
        repeat {
            let page = try engine.call(Events.listRules, .init(namePrefix: "r1", nextToken: token, limit: 10))
            names += page.rules?.compactMap(\.name) ?? []
            token = page.nextToken
        } while token != nil
        #expect(names == (100..<125).map { "r\($0)" })
        try engine.call(Events.removeTargets, .init(rule: "r100", ids: ["1"]))
        let byTarget = try engine.call(
            Events.listRuleNamesByTarget, .init(targetArn: fixture.arn("q"), limit: 3))
        #expect(byTarget.ruleNames == ["r101", "r102", "r103"])
    }
}
