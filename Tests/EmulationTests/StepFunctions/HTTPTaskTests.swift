import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

/// `http:invoke` with EventBridge connections, on a network that the test plays.
@Suite struct HTTPTaskTests {
    private let engine: TestEngine
    private let connection: String

    init() throws {
        engine = try TestEngine(services: [
            StubLambda.init, StepFunctionsService.init, EventsService.init, IAMService.init, STSService.init,
        ])
        connection =
            try engine.call(
                Events.createConnection,
                .init(
                    name: "shop", authorizationType: "BASIC",
                    authParameters: .init(
                        basicAuthParameters: .init(username: "u", password: "p"),
                        invocationHttpParameters: .init(
                            headerParameters: [.init(key: "X-Team", value: "red")],
                            queryStringParameters: [.init(key: "secret", value: "s")],
                            bodyParameters: [.init(key: "mode", value: "live")])))
            ).connectionArn ?? ""
    }

    private func task(_ parameters: String, more: String = "") -> String {
        #"{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":\#(parameters)\#(more),"End":true}"#
    }

    private func parameters(_ more: String = "", method: String = "POST") -> String {
        #"{"ApiEndpoint":"https://shop.test/orders","Method":"\#(method)","Authentication":{"ConnectionArn":"\#(connection)"}\#(more)}"#
    }

    private func run(_ state: String) throws -> SFN.DescribeExecutionOutput {
        let name = "m\(engine.core.identifiers.hex(8))"
        let machine = try engine.createMachine(#"{"StartAt":"T","States":{"T":\#(state)}}"#, name: name)
        let execution = try engine.startExecution(machine, input: #"{"id":7}"#)
        engine.settle()
        engine.settle()
        return try engine.describe(execution)
    }

    @Test func theConnectionsSecretsAndTheStatesRequestBecomeOne() throws {
        var sent: OutgoingRequest?
        engine.respond = { request in
            sent = request
            return .success(
                OutgoingResponse(
                    status: 200, headers: [.init("Content-Type", "application/json"), .init("X-A", "1")],
                    body: Array(#"{"ok":true}"#.utf8)))
        }
        let ended = try run(
            task(
                parameters(
                    #","Headers":{"x-team":"blue","Request-Id":"r"},"QueryParameters":{"page":2,"secret":"mine"},"RequestBody":{"id.$":"$.id","mode":"test"}"#
                )))
        let output = try JSONReader.parse(try #require(ended.output, "\(ended.cause ?? "")"))
        #expect(output["StatusCode"]?.integer == 200 && output["StatusText"]?.string == "OK")
        #expect(output["ResponseBody"]?["ok"]?.bool == true)
        #expect(output["Headers"]?["x-a"]?.list?.first?.string == "1")
        let request = try #require(sent)
        #expect(request.url == "https://shop.test/orders?page=2&secret=s")
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"id":7,"mode":"live"}"#)
        var headers: [String: String] = [:]
        for header in request.headers { headers[header.name] = header.value }
        #expect(headers["Authorization"] == "Basic dTpw" && headers["X-Team"] == "red" && headers["x-team"] == nil)
        #expect(headers["User-Agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1")
        #expect(headers["Range"] == "bytes=0-262144")
        #expect(headers["Content-Type"] == "application/json; charset=UTF-8")
    }

    @Test func refusalsAndSilenceHaveNames() throws {
        engine.respond = { _ in .success(OutgoingResponse(status: 404, body: Array("nothing".utf8))) }
        let refused = try run(task(parameters()))
        #expect(refused.error == "States.Http.StatusCode.404" && refused.cause == "Not Found")
        engine.respond = { _ in .failure(OutgoingFailure(.timedOut, "No answer within 60 s.")) }
        #expect(try run(task(parameters())).error == "States.Http.Socket")
        engine.respond = { _ in
            .success(OutgoingResponse(status: 200, headers: [.init("Content-Type", "image/png")], body: [0x89, 0xff]))
        }
        #expect(try run(task(parameters())).error == "States.Runtime")
        #expect(try run(task(parameters(#","Headers":{"Authorization":"x"}"#))).error == "States.Runtime")
        #expect(try run(task(parameters(#","RequestBody":"text""#))).error == "States.Runtime")
        let missing = parameters().replacingOccurrences(of: "connection/shop", with: "connection/none")
        #expect(try run(task(missing)).error == "Events.ConnectionResource.ResourceNotFound")
        try engine.call(Events.deauthorizeConnection, .init(name: "shop"))
        #expect(try run(task(parameters())).error == "Events.ConnectionResource.InvalidConnectionState")
    }

    @Test func bodiesCanBeForms() throws {
        var forms: [String] = []
        engine.respond = { request in
            forms.append(String(decoding: request.body, as: UTF8.self))
            return .success(OutgoingResponse(status: 204))
        }
        for format in ["INDICES", "REPEAT", "COMMAS", "BRACKETS"] {
            let ended = try run(
                task(
                    parameters(
                        #","RequestBody":{"a":["x","y z"],"m":{"k":1}},"Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"\#(format)"}}"#
                    )))
            #expect(ended.status == "SUCCEEDED", "\(ended.cause ?? "")")
        }
        let rest = "&m%5Bk%5D=1&mode=live"
        #expect(
            forms == [
                "a%5B0%5D=x&a%5B1%5D=y%20z" + rest, "a=x&a=y%20z" + rest, "a=x,y%20z" + rest,
                "a%5B%5D=x&a%5B%5D=y%20z" + rest,
            ])
    }

    @Test func anOAuthTokenIsFetchedFirst() throws {
        let arn = try #require(
            try engine.call(
                Events.createConnection,
                .init(
                    name: "oauth", authorizationType: "OAUTH_CLIENT_CREDENTIALS",
                    authParameters: .init(
                        oAuthParameters: .init(
                            clientParameters: .init(clientID: "c", clientSecret: "s"),
                            authorizationEndpoint: "https://login.test/token", httpMethod: "POST")))
            ).connectionArn)
        var urls: [String] = []
        engine.respond = { request in
            urls.append(request.url)
            guard request.url.hasPrefix("https://login.test") else {
                let isBearer = request.headers.contains { $0.value == "Bearer tok" }
                return .success(OutgoingResponse(status: isBearer ? 200 : 401))
            }
            return .success(
                OutgoingResponse(status: 200, body: Array(#"{"access_token":"tok","expires_in":3600}"#.utf8)))
        }
        let state = task(parameters(method: "GET").replacingOccurrences(of: connection, with: arn))
        for _ in 0..<2 { #expect(try run(state).status == "SUCCEEDED") }
        #expect(urls == ["https://login.test/token", "https://shop.test/orders", "https://shop.test/orders"])
    }

    @Test func testStateShowsTheExchangeAndHidesSecretsUnlessAsked() throws {
        engine.respond = { _ in
            .success(
                OutgoingResponse(
                    status: 200, headers: [.init("content-type", "text/plain")], body: Array("fine".utf8)))
        }
        for reveals in [false, true] {
            let pending = engine.begin(
                SFN.testState,
                .init(
                    definition: task(parameters(#","RequestBody":{"a":1}"#)), roleArn: TestEngine.role, input: "{}",
                    inspectionLevel: "TRACE", revealSecrets: reveals))
            engine.settle()
            engine.settle()
            let output = try #require(try pending.result?.get())
            #expect(output.status == "SUCCEEDED")
            let request = try #require(output.inspectionData?.request)
            #expect(request.method == "POST" && request.protocol == "https")
            #expect(request.url == "https://shop.test/orders" + (reveals ? "?secret=s" : ""))
            #expect(request.headers?.contains("Basic dTpw") == reveals)
            #expect(request.headers?.hasSuffix("Range: bytes=0-262144]") == true)
            #expect(request.body == (reveals ? #"{"a":1,"mode":"live"}"# : #"{"a":1}"#))
            let response = try #require(output.inspectionData?.response)
            #expect(response.statusCode == "200" && response.statusMessage == "OK" && response.body == "fine")
            #expect(response.headers == "[content-type: text/plain]")
        }
    }

    @Test func aRoleWithPoliciesMustAllowTheEndpointAndTheConnection() throws {
        engine.respond = { _ in .success(OutgoingResponse(status: 200)) }
        try engine.call(
            IAM.createRole,
            .init(
                roleName: "machine",
                assumeRolePolicyDocument:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
            ))
        func allow(_ statements: String) throws {
            try engine.call(
                IAM.putRolePolicy,
                .init(
                    roleName: "machine", policyName: "p",
                    policyDocument: #"{"Version":"2012-10-17","Statement":[\#(statements)]}"#))
        }
        let endpoint =
            #"{"Effect":"Allow","Action":"states:InvokeHTTPEndpoint","Resource":"*","Condition":{"StringLike":{"states:HTTPEndpoint":"https://shop.test/*"},"StringEquals":{"states:HTTPMethod":"POST"}}}"#
        try allow(#"{"Effect":"Allow","Action":"sqs:*","Resource":"*"}"#)
        let refused = try run(task(parameters()))
        #expect(refused.error == "States.Permissions")
        #expect(
            refused.cause?.contains(
                "is not authorized to perform: states:InvokeHTTPEndpoint on resource: arn:aws:states:") == true)
        try allow(endpoint)
        #expect(try run(task(parameters())).error == "Events.ConnectionResource.AccessDenied")
        try allow(
            endpoint
                + #",{"Effect":"Allow","Action":"events:RetrieveConnectionCredentials","Resource":"\#(connection)"}"#
        )
        #expect(try run(task(parameters())).status == "SUCCEEDED")
        #expect(try run(task(parameters(method: "GET"))).error == "States.Permissions")
    }
}
