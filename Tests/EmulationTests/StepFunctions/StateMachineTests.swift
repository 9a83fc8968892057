import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct StateMachineTests {
    static let pass = #"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#

    @Test func creationIsIdempotentOnTheDefinitionButNotOnRoleAndTags() throws {
        let engine = try TestEngine.withStepFunctions()
        let arn = try engine.createMachine(Self.pass)
        #expect(arn == "arn:aws:states:us-east-1:123456789012:stateMachine:machine")
        let again = try engine.call(
            SFN.createStateMachine,
            .init(name: "machine", definition: Self.pass, roleArn: "arn:aws:iam::123456789012:role/other"))
        #expect(again.stateMachineArn == arn)
        #expect(try engine.call(SFN.describeStateMachine, .init(stateMachineArn: arn)).roleArn == TestEngine.role)
        // AWS: reformatted JSON is another definition.
        let error = engine.error(
            SFN.createStateMachine, .init(name: "machine", definition: Self.pass + " ", roleArn: TestEngine.role))
        #expect(error?.code == "StateMachineAlreadyExists")
        #expect(error?.message == "State Machine Already Exists: '\(arn)'")
    }

    @Test func wrongDefinitionsAndNamesAreRefused() throws {
        let engine = try TestEngine.withStepFunctions()
        let error = engine.error(
            SFN.createStateMachine, .init(name: "m", definition: #"{"StartAt":"A"}"#, roleArn: TestEngine.role))
        #expect(error?.code == "InvalidDefinition")
        #expect(
            error?.message
                == "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'"
        )
        #expect(
            engine.error(SFN.createStateMachine, .init(name: "a b", definition: Self.pass, roleArn: TestEngine.role))?
                .code
                == "InvalidName")
        #expect(
            engine.error(SFN.createStateMachine, .init(name: "m", definition: Self.pass, roleArn: "role"))?.code
                == "InvalidArn")
    }

    @Test func eitherQueryLanguageIsTaken() throws {
        let engine = try TestEngine.withStepFunctions()
        let jsonata = #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#
        for (name, definition) in [("paths", Self.pass), ("jsonata", jsonata)] {
            #expect(
                engine.error(
                    SFN.createStateMachine, .init(name: name, definition: definition, roleArn: TestEngine.role))
                    == nil)
            #expect(try engine.call(SFN.validateStateMachineDefinition, .init(definition: definition)).result == "OK")
        }
        let mixed = jsonata.replacing(#""Type":"Pass""#, with: #""Type":"Pass","QueryLanguage":"JSONPath""#)
        let report = try engine.call(SFN.validateStateMachineDefinition, .init(definition: mixed))
        #expect(report.result == "FAIL")
        #expect(report.diagnostics.first?.code == "SCHEMA_VALIDATION_FAILED")
    }

    @Test func warningsComeForTheAskingAndFailNothing() throws {
        let engine = try TestEngine.withStepFunctions()
        let definition =
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"v":"$.x","w":"$.y"},"Result":"$.z","End":true}}}"#
        let quiet = try engine.call(SFN.validateStateMachineDefinition, .init(definition: definition))
        #expect(quiet.result == "OK" && quiet.diagnostics.isEmpty && quiet.truncated == false)
        let told = try engine.call(
            SFN.validateStateMachineDefinition, .init(definition: definition, severity: "WARNING", maxResults: 2))
        #expect(told.result == "OK" && told.truncated == true)
        #expect(told.diagnostics.map(\.severity) == ["WARNING", "WARNING"])
        #expect(told.diagnostics.map(\.code) == ["NO_DOLLAR", "NO_DOLLAR"])
        #expect(told.diagnostics.map(\.location) == ["/States/A/Parameters/v", "/States/A/Parameters/w"])
        let broken = definition.replacing("Pass", with: "Pas")
        let both = try engine.call(SFN.validateStateMachineDefinition, .init(definition: broken, severity: "WARNING"))
        #expect(both.result == "FAIL" && both.diagnostics.first?.severity == "ERROR")
        _ = try engine.createMachine(definition)
    }

    @Test func updatesMakeRevisionsAndVersionsKeepThem() throws {
        let engine = try TestEngine.withStepFunctions()
        let arn = try engine.createMachine(Self.pass)
        #expect(engine.error(SFN.updateStateMachine, .init(stateMachineArn: arn))?.code == "MissingRequiredParameter")
        let first = try engine.call(SFN.publishStateMachineVersion, .init(stateMachineArn: arn))
        #expect(first.stateMachineVersionArn == "\(arn):1")
        let other = #"{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}"#
        let update = try engine.call(
            SFN.updateStateMachine, .init(stateMachineArn: arn, definition: other, publish: true))
        #expect(update.stateMachineVersionArn == "\(arn):2")
        #expect(try engine.call(SFN.describeStateMachine, .init(stateMachineArn: "\(arn):1")).definition == Self.pass)
        #expect(try engine.call(SFN.describeStateMachine, .init(stateMachineArn: arn)).definition == other)
        let versions = try engine.call(SFN.listStateMachineVersions, .init(stateMachineArn: arn)).stateMachineVersions
        #expect(versions.map(\.stateMachineVersionArn) == ["\(arn):2", "\(arn):1"])
        let execution = try engine.startExecution("\(arn):1")
        #expect(try engine.eventTypes(execution).contains("PassStateEntered"))
        #expect(try engine.describe(execution).stateMachineVersionArn == "\(arn):1")
    }

    @Test func whatStaysAsItWasMakesNoRevision() throws {
        let engine = try TestEngine(services: [StubLambda.init, StepFunctionsService.init, LogsService.init])
        let arn = try engine.createMachine(Self.pass)
        func revision() throws -> String? {
            try engine.call(SFN.describeStateMachine, .init(stateMachineArn: arn)).revisionId
        }
        try engine.call(SFN.updateStateMachine, .init(stateMachineArn: arn, definition: Self.pass, publish: true))
        #expect(try revision() == nil)
        func logging(_ group: String, _ level: String?) -> SFN.LoggingConfiguration {
            let arn = "arn:aws:logs:us-east-1:123456789012:log-group:\(group):*"
            return .init(level: level, destinations: [.init(cloudWatchLogsLogGroup: .init(logGroupArn: arn))])
        }
        let missing = engine.error(
            SFN.updateStateMachine, .init(stateMachineArn: arn, loggingConfiguration: logging("none", "ALL")))
        #expect(missing?.message == "Invalid Logging Configuration: Log Destination not found.")
        try engine.call(Logs.createLogGroup, .init(logGroupName: "runs"))
        try engine.call(
            SFN.updateStateMachine, .init(stateMachineArn: arn, loggingConfiguration: logging("runs", "ALL")))
        let first = try #require(try revision())
        // AWS: a version is as it was published.
        let version = try engine.call(SFN.describeStateMachine, .init(stateMachineArn: "\(arn):1"))
        #expect(version.loggingConfiguration?.level == "OFF" && version.revisionId == nil)
        try engine.call(
            SFN.updateStateMachine, .init(stateMachineArn: arn, loggingConfiguration: logging("runs", "ALL")))
        #expect(try revision() == first)
        try engine.call(SFN.updateStateMachine, .init(stateMachineArn: arn, loggingConfiguration: logging("runs", nil)))
        let described = try engine.call(SFN.describeStateMachine, .init(stateMachineArn: arn)).loggingConfiguration
        #expect(described?.level == "OFF" && described?.includeExecutionData == false)
        #expect(try revision() != first)
    }

    @Test func aliasesLeadToVersionsByWeight() throws {
        let engine = try TestEngine.withStepFunctions()
        let arn = try engine.createMachine(Self.pass)
        try engine.call(SFN.publishStateMachineVersion, .init(stateMachineArn: arn))
        try engine.call(
            SFN.updateStateMachine,
            .init(
                stateMachineArn: arn, definition: #"{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}"#, publish: true))
        func refusal(_ routes: [(String, Int)]) -> String? {
            engine.error(
                SFN.createStateMachineAlias,
                .init(
                    name: "live",
                    routingConfiguration: routes.map { .init(stateMachineVersionArn: $0.0, weight: $0.1) }))?.message
        }
        #expect(
            refusal([(arn, 100)])
                == "Routing configuration must contain state machine version ARNs. Received: [\(arn)]")
        #expect(
            refusal([("\(arn):1", 50), ("\(arn):1", 50)])
                == "Routing configuration must contain distinct state machine version ARNs. Received: [\(arn):1, \(arn):1]"
        )
        #expect(
            refusal([("\(arn):1", 70), ("\(arn):2", 29)])
                == "Sum of routing configuration weights must equal 100. Received: [70, 29]")
        #expect(refusal([("\(arn):1", 25), ("\(arn):2", 75)]) == nil)
        var versions: [String: Int] = [:]
        for _ in 0..<200 {
            let description = try engine.describe(try engine.startExecution("\(arn):live"))
            #expect(description.stateMachineAliasArn == "\(arn):live")
            versions[description.stateMachineVersionArn ?? "", default: 0] += 1
        }
        #expect((30...70).contains(versions["\(arn):1", default: 0]), "\(versions)")
        for _ in 0..<2 { try engine.call(SFN.deleteStateMachineAlias, .init(stateMachineAliasArn: "\(arn):live")) }
    }

    @Test func deletingTakesTheMachineItsExecutionsAndItsRows() throws {
        let engine = try TestEngine.withStepFunctions()
        let arn = try engine.createMachine(Self.pass)
        let execution = try engine.startExecution(arn)
        _ = try engine.call(SFN.deleteStateMachine, .init(stateMachineArn: arn))
        #expect(engine.error(SFN.describeStateMachine, .init(stateMachineArn: arn))?.code == "StateMachineDoesNotExist")
        #expect(engine.error(SFN.describeExecution, .init(executionArn: execution))?.code == "ExecutionDoesNotExist")
        #expect(engine.error(SFN.deleteStateMachine, .init(stateMachineArn: arn)) == nil)
    }

    @Test func tagsAndLists() throws {
        let engine = try TestEngine.withStepFunctions()
        let arn = try engine.createMachine(Self.pass, name: "a")
        _ = try engine.createMachine(Self.pass, name: "b")
        _ = try engine.call(SFN.tagResource, .init(resourceArn: arn, tags: [.init(key: "k", value: "v")]))
        #expect(try engine.call(SFN.listTagsForResource, .init(resourceArn: arn)).tags?.first?.value == "v")
        _ = try engine.call(SFN.untagResource, .init(resourceArn: arn, tagKeys: ["k"]))
        #expect(try engine.call(SFN.listTagsForResource, .init(resourceArn: arn)).tags?.isEmpty == true)
        let page = try engine.call(SFN.listStateMachines, .init(maxResults: 1))
        #expect(page.stateMachines.map(\.name) == ["a"])
        let next = try engine.call(SFN.listStateMachines, .init(maxResults: 1, nextToken: page.nextToken))
        #expect(next.stateMachines.map(\.name) == ["b"])
        #expect(next.nextToken == nil)
    }
}
