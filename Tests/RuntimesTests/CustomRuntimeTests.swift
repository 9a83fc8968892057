import Emulation
import Testing

@testable import Runtimes

/// The Runtime API itself, spoken by runtimes that bring their own `bootstrap`.
@Suite(.enabled(if: detectedHost.python != nil, "no python3 on this host"), .serialized)
struct CustomRuntimeTests {
    /// Uses the standard library's HTTP client, as a runtime not made by us would.
    static let prelude = """
        #!/usr/bin/env python3
        import http.client, json, os
        address = os.environ['AWS_LAMBDA_RUNTIME_API']
        def call(method, path, body=None, headers={}):
            connection = http.client.HTTPConnection(address)
            connection.request(method, '/2018-06-01/runtime' + path, body, headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read().decode()

        """

    @Test func aBootstrapInTheCodeOrInALayer() async throws {
        try await withBench { bench in
            let script =
                Self.prelude + """
                    while True:
                        status, headers, body = call('GET', '/invocation/next')
                        headers = {k.lower(): v for k, v in headers}
                        id = headers['lambda-runtime-aws-request-id']
                        if body == '"fail"':
                            print(call('POST', '/invocation/%s/error' % id, json.dumps({'errorType': 'Mine', 'errorMessage': 'm'}), {'Lambda-Runtime-Function-Error-Type': 'Mine'})[0], flush=True)
                        else:
                            call('POST', '/invocation/%s/response' % id, json.dumps([body, sorted(h for h in headers if h.startswith('lambda-runtime')), os.environ['_HANDLER']]))
                    """
            let function = try bench.function(
                "custom", runtime: "provided.al2023", handler: "anything", files: ["bootstrap": script],
                executable: ["bootstrap"])
            let outcome = await bench.invoke(function, "\"x\"")
            #expect(
                outcome.payload
                    == #"["\"x\"", ["lambda-runtime-aws-request-id", "lambda-runtime-deadline-ms", "lambda-runtime-invoked-function-arn", "lambda-runtime-trace-id"], "anything"]"#
            )
            let failed = await bench.invoke(function, "\"fail\"")
            #expect(failed.payload == #"{"errorType": "Mine", "errorMessage": "m"}"#)
            #expect(failed.report.functionError == "Unhandled")
            let layered = try bench.function(
                "layered", runtime: "provided.al2023", handler: "x", files: ["data": ""],
                layers: [["bootstrap": script]],
                executable: ["bootstrap"])
            #expect(await bench.invoke(layered, "1").payload.hasPrefix(#"["1""#))
            let none = try bench.function("none", runtime: "provided.al2023", handler: "x", files: ["data": ""])
            let missing = await bench.invoke(none)
            #expect(
                missing.payload.hasSuffix(
                    "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]\"}"),
                "\(missing.payload)")
        }
    }

    @Test func wrongStatesAreRefusedAsByAWS() async throws {
        try await withBench { bench in
            let script =
                Self.prelude + """
                    found = [call('POST', '/invocation/x/response', '1'), call('GET', '/nowhere')]
                    while True:
                        status, headers, body = call('GET', '/invocation/next')
                        id = {k.lower(): v for k, v in headers}['lambda-runtime-aws-request-id']
                        found.append(call('POST', '/invocation/other/response', '1'))
                        found.append(call('GET', '/invocation/next'))
                        found.append(call('POST', '/init/error', '{}'))
                        call('POST', '/invocation/%s/response' % id, json.dumps([[f[0], json.loads(f[2])['errorType']] for f in found]))
                    """
            let function = try bench.function(
                "states", runtime: "provided.al2023", handler: "x", files: ["bootstrap": script],
                executable: ["bootstrap"])
            let outcome = await bench.invoke(function)
            #expect(
                outcome.payload
                    == #"[[403, "InvalidStateTransition"], [404, "NotFound"], [400, "InvalidRequestID"], [403, "InvalidStateTransition"], [403, "InvalidStateTransition"]]"#
            )
        }
    }
}
