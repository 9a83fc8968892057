import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@MainActor
struct FunctionScreenTests {
    private func console(
        _ root: any Screen, _ services: CannedServices = CannedServices(),
        answers: @escaping @Sendable (String, DocumentObject) throws(AWSError) -> DocumentObject?
    ) -> (ConsoleApplication, TestTerminal) {
        services.follow { (name, input) throws(AWSError) in
            if let answer = try answers(name, input) { return answer }
            switch name {
            case "GetFunction":
                return Lambda.GetFunctionResponse(configuration: FunctionFixtures.configuration).document
            case "ListFunctions":
                return Lambda.ListFunctionsResponse(functions: FunctionFixtures.rows.map(\.configuration)).document
            default: throw AWSError("ResourceNotFoundException", "No \(name) here.", httpStatus: 404)
            }
        }
        let terminal = TestTerminal(size: .standard)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(LambdaScreens.registrations), root: root,
            context: services.context(),
            sleep: { _ in try await Task.sleep(for: .seconds(3600)) })
        return (console, terminal)
    }

    @Test func enterOpensTheFunction() async {
        let (console, terminal) = console(FunctionListScreen()) { _, _ in nil }
        await console.begin()
        #expect(terminal.text.contains("handle-order"))
        await console.press(.enter)
        #expect(terminal.text.contains("Lambda › handle-order › Overview"))
        #expect(terminal.text.contains("app.handler"))
    }

    @Test func createSendsAnArchiveAndShowsARefusal() async throws {
        let services = CannedServices()
        let (console, terminal) = console(FunctionListScreen(), services) { (name, _) throws(AWSError) in
            if name == "CreateFunction" {
                throw AWSError(
                    "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.",
                    httpStatus: 400)
            }
            return nil
        }
        await console.begin()
        await console.press("n")
        await console.type("greet")
        await console.press(.tab, .tab, .tab)
        await console.type("arn:aws:iam::000000000000:role/shop")
        await console.press(.control("s"))
        let input = try #require(services.inputs(of: "CreateFunction").first)
        #expect(input.string("FunctionName") == "greet")
        #expect(input.integer("MemorySize") == 128)
        let archive = try #require(input.object("Code")?.bytes("ZipFile"))
        #expect(archive.starts(with: [0x50, 0x4B, 3, 4]))
        #expect(String(decoding: archive, as: UTF8.self).contains("app.py"))
        #expect(terminal.text.contains("cannot be assumed by Lambda"))
        #expect(terminal.text.contains("greet"), "the form keeps what was typed")
    }

    @Test func deletingNamesTheFunctionAndNeedsItTyped() async {
        let services = CannedServices()
        let (console, terminal) = console(FunctionListScreen(), services) { name, _ in
            name == "DeleteFunction" ? DocumentObject() : nil
        }
        await console.begin()
        await console.press("d")
        #expect(terminal.text.contains("Delete function handle-order?"))
        await console.press(.enter)
        #expect(services.inputs(of: "DeleteFunction").isEmpty)
        await console.type("handle-order")
        await console.press(.enter)
        #expect(services.inputs(of: "DeleteFunction").first?.string("FunctionName") == "handle-order")
    }

    @Test func invokingShowsFiguresAndRunsAgainWithOneKey() async {
        let services = CannedServices()
        let (console, terminal) = console(FunctionScreen(name: "handle-order", tab: "test"), services) { name, _ in
            guard name == "Invoke" else { return nil }
            return Lambda.InvocationResponse(
                statusCode: 200, logResult: Base64.encode(Array(FunctionFixtures.log.utf8)),
                payload: Array("{\"reserved\":2}".utf8), executedVersion: "$LATEST"
            ).document
        }
        await console.begin()
        await console.press("i")
        await settle(console) { terminal.text.contains("Succeeded (200)") }
        #expect(terminal.text.contains("Billed 151 ms"))
        #expect(terminal.text.contains("\"reserved\": 2"))
        let input = services.inputs(of: "Invoke").first
        #expect(input?.string("LogType") == "Tail")
        #expect(input?.bytes("Payload").map { String(decoding: $0, as: UTF8.self) }?.contains("key1") == true)
        await console.press("i")
        await settle(console) { services.inputs(of: "Invoke").count == 2 }
        #expect(services.inputs(of: "Invoke").count == 2)
    }

    /// An invocation runs as a stream, which `settle` does not wait for.
    private func settle(_ console: ConsoleApplication, until isDone: () -> Bool) async {
        for _ in 0..<10_000 where !isDone() {
            await Task.yield()
            await console.settle()
        }
    }

    @Test func anEventThatIsNotJSONCannotBeSent() {
        var screen = loaded("test")
        screen.test.editor.text = "{\"a\": }"
        let binding = screen.bindings.first { $0.action == "test.invoke" }
        #expect(binding?.availability.reason?.contains("line 1, column 7") == true)
    }

    @Test func editingTakesKeysAndEscapeEndsIt() {
        var screen = loaded("test")
        _ = screen.update(.action("test.edit"))
        #expect(screen.capturesText && screen.handlesEscape)
        #expect(
            screen.bindings.map(\.action) == ["test.done", "test.invoke"], "only what still acts is on the line of keys"
        )
        _ = screen.update(.input(.key("i")))
        #expect(screen.test.editor.text.hasPrefix("i{"))
        _ = screen.update(.input(.key(.escape)))
        #expect(!screen.capturesText && !screen.handlesEscape)
    }

    @Test func readingTheEventNeverChangesIt() {
        var screen = loaded("test")
        let before = screen.test.editor.text
        for key: Key in [.backspace, .delete, "z", .down, .control("k")] { _ = screen.update(.input(.key(key))) }
        #expect(screen.test.editor.text == before)
    }

    @Test func cancellingAnInvocationSaysSo() {
        var screen = loaded("test")
        _ = screen.update(.action("test.invoke"))
        #expect(screen.bindings.first { $0.action == "test.invoke" }?.availability.isEnabled == false)
        #expect(screen.tickInterval != nil)
        _ = screen.update(.action("test.cancel"))
        #expect(screen.tickInterval == nil)
        guard case .refused = screen.test.outcome else { return #expect(Bool(false)) }
    }

    @Test func everyTemplateIsJSONOfItsSource() throws {
        let sources = [
            "sqs": "aws:sqs", "sns": "aws:sns", "s3": "aws:s3", "kinesis": "aws:kinesis", "dynamodb": "aws:dynamodb",
        ]
        for template in TestEventTemplates.all {
            let text = template.text(function: "handle-order", arn: FunctionFixtures.arn)
            #expect(TerminalUI.JSONSyntax.firstError(in: text) == nil, "\(template.id)")
            if let source = sources[template.id] {
                let record = try JSONReader.parse(text)["Records"]?[0]
                #expect((record?["eventSource"] ?? record?["EventSource"])?.string == source)
            }
        }
    }

    @Test func openingABoxOfTheDiagram() {
        var screen = loaded(nil)
        #expect(screen.diagram.selectedID == FunctionGraph.functionID)
        screen.diagram.selectedID = "mapping:11111111-0000-4000-8000-000000000001"
        #expect(screen.diagram.target == .open(ScreenAddress(id: "sqs.queue", arguments: ["orders"])))
        screen.diagram.selectedID = FunctionGraph.functionID
        _ = screen.update(.action("overview.open"))
        #expect(screen.tab == .configuration)
        #expect(screen.configuration.section == .layers)
    }

    @Test func deployingKeepsTheChangeUntilItIsAccepted() async throws {
        let services = CannedServices()
        let (console, terminal) = console(FunctionScreen(name: "handle-order", tab: "code"), services) { name, _ in
            switch name {
            case "GetFunctionCode":
                Skua.GetFunctionCodeResponse(files: [.init(path: "app.py", size: 5, text: "pass\n", isBinary: false)])
                    .document
            case "UpdateFunctionCode": FunctionFixtures.configuration.document
            default: nil
            }
        }
        await console.begin()
        await console.press("D")
        #expect(terminal.text.contains("Nothing has been changed"))
        await console.press("e")
        await console.type("# hi ")
        await console.press(.escape)
        #expect(terminal.text.contains("changed, not deployed"))
        await console.press("D")
        let archive = try #require(services.inputs(of: "UpdateFunctionCode").first?.bytes("ZipFile"))
        #expect(String(decoding: archive, as: UTF8.self).contains("# hi pass"))
        #expect(terminal.text.contains("Deployed"))
    }

    @Test func aForeignEndpointHasNoEngineActions() {
        var details = FunctionFixtures.details
        details.hasEngine = false
        var screen = FunctionScreen(name: details.name, tab: "test")
        _ = screen.update(.message(.loaded(.success(details))))
        for action: ActionID in ["why", "trace", "test.save"] {
            #expect(
                screen.bindings.first { $0.action == action }?.availability
                    == .disabled("Only Skua's own engine offers this"), "\(action)")
        }
        #expect(screen.bindings.first { $0.action == "test.invoke" }?.availability == .enabled)
    }

    @Test func triggersAreDisabledAndRemoved() async {
        let services = CannedServices()
        let (console, terminal) = console(FunctionScreen(name: "handle-order", tab: "configuration"), services) {
            name, _ in
            switch name {
            case "ListEventSourceMappings":
                Lambda.ListEventSourceMappingsResponse(eventSourceMappings: FunctionFixtures.details.mappings).document
            case "UpdateEventSourceMapping", "DeleteEventSourceMapping": DocumentObject()
            default: nil
            }
        }
        await console.begin()
        await console.press("j", .enter, "x")
        #expect(services.inputs(of: "UpdateEventSourceMapping").first?.bool("Enabled") == false)
        await console.press("d")
        #expect(terminal.text.contains("Delete SQS trigger orders?"))
        await console.press("y")
        #expect(
            services.inputs(of: "DeleteEventSourceMapping").first?.string("UUID")
                == "11111111-0000-4000-8000-000000000001"
        )
    }

    @Test func concurrencyIsProvisionedChangedAndLetGo() async {
        let services = CannedServices()
        let config = Lambda.ProvisionedConcurrencyConfigListItem(
            functionArn: FunctionFixtures.arn + ":live", requestedProvisionedConcurrentExecutions: 3,
            availableProvisionedConcurrentExecutions: 3, status: "READY")
        let (console, terminal) = console(FunctionScreen(name: "handle-order", tab: "configuration"), services) {
            name, _ in
            switch name {
            case "ListAliases": Lambda.ListAliasesResponse(aliases: FunctionFixtures.details.aliases).document
            case "ListProvisionedConcurrencyConfigs":
                Lambda.ListProvisionedConcurrencyConfigsResponse(provisionedConcurrencyConfigs: [config]).document
            case "PutProvisionedConcurrencyConfig", "DeleteProvisionedConcurrencyConfig": DocumentObject()
            default: nil
            }
        }
        await console.begin()
        await console.press("j", "j", "j", "j", .enter, "n")
        #expect(terminal.text.contains("Provision concurrency"))
        await console.press(.control("s"))
        let put = services.inputs(of: "PutProvisionedConcurrencyConfig")
        #expect(put.first?.string("Qualifier") == "test", "live has some already")
        #expect(put.first?.integer("ProvisionedConcurrentExecutions") == 1)
        await console.press("j", "e")
        #expect(terminal.text.contains("Provisioned concurrency of live"))
        await console.press(.control("s"))
        #expect(services.inputs(of: "PutProvisionedConcurrencyConfig").last?.string("Qualifier") == "live")
        await console.press("d")
        #expect(terminal.text.contains("Delete the provisioned concurrency of live?"))
        await console.press("y")
        #expect(services.inputs(of: "DeleteProvisionedConcurrencyConfig").first?.string("Qualifier") == "live")
    }

    @Test func onlyWhatHasANameOrNumberIsProvisioned() {
        var screen = FunctionScreen(name: "hello", tab: "configuration")
        _ = screen.update(.message(.loaded(.success(FunctionFixtures.lonely))))
        screen.configuration.select(.concurrency)
        #expect(
            screen.bindings.first { $0.action == "configuration.add" }?.availability.reason?
                .hasPrefix("Publish a version or create an alias first") == true)
    }

    @Test func policiesAreReadWhoeverEncodedThem() {
        #expect(FunctionPoliciesScreen.parsed("%7B%22Version%22%3A%20%222012-10-17%22%7D") == ["Version": "2012-10-17"])
        #expect(FunctionPoliciesScreen.parsed("{\"a\": \"100%25\"}") == ["a": "100%25"])
        #expect(FunctionPoliciesScreen.percentDecoded("50% 4%") == "50% 4%")
    }

    @Test func formattingTheEvent() {
        var screen = loaded("test")
        screen.test.editor.text = "{\"a\":[1]}"
        _ = screen.update(.action("test.format"))
        #expect(screen.test.editor.text == "{\n  \"a\": [\n    1\n  ]\n}")
        #expect(
            JSONLayout.lines(#"{"n":12345678901234567890.10,"e":{},"l":[ ],"s":"a{,\"b"}"#)
                == "{\n  \"n\": 12345678901234567890.10,\n  \"e\": {},\n  \"l\": [],\n  \"s\": \"a{,\\\"b\"\n}")
    }

    @Test func weightsOfAnAlias() {
        #expect(FunctionAliasesTab.weights(FormValues(["second": "4", "weight": "25"])) == ["4": 0.25])
        #expect(FunctionAliasesTab.weights(FormValues(["second": "none", "weight": "25"])).isEmpty)
    }

    @Test func reportFigures() throws {
        let report = try #require(InvocationReport(log: FunctionFixtures.log))
        #expect(report.duration == "12.41 ms")
        #expect(report.initDuration == "138.20 ms")
        #expect(InvocationReport(log: "START only") == nil)
    }

    @Test func archiveChecksums() {
        #expect(StoredArchive.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        let bytes = StoredArchive.bytes(of: [.init(path: "app.py", text: "pass\n")])
        #expect(bytes.suffix(22).starts(with: [0x50, 0x4B, 5, 6]))
        #expect(StoredArchive.gzip([]).count == 23)
    }

    private func loaded(_ tab: String?) -> FunctionScreen {
        var screen = FunctionScreen(name: "handle-order", tab: tab)
        _ = screen.update(.message(.loaded(.success(FunctionFixtures.details))))
        return screen
    }
}
