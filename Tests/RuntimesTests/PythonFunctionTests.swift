import Emulation
import Testing

@testable import Runtimes

@Suite(.enabled(if: detectedHost.python != nil, "no python3 on this host"), .serialized)
struct PythonFunctionTests {
    @Test(arguments: [true, false]) func answersAndStaysWarm(sandboxed: Bool) async throws {
        try await withBench(sandboxed: sandboxed) { bench in
            let function = try bench.function(
                "adder", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return {'sum': event['a'] + event['b'], 'count': count}\n"
                ])
            let first = await bench.invoke(function, #"{"a": 1, "b": 2}"#)
            #expect(first.payload == #"{"sum": 3, "count": 1}"#)
            #expect(first.report.status == .success)
            #expect(first.report.functionError == nil)
            #expect(first.report.coldStart)
            #expect(first.report.initDurationMicroseconds != nil)
            #expect(first.report.billedMicroseconds % 1000 == 0)
            #expect(
                first.report.billedMicroseconds >= first.report.durationMicroseconds
                    + (first.report.initDurationMicroseconds ?? 0))
            let second = await bench.invoke(function, #"{"a": 4, "b": 5}"#)
            #expect(second.payload == #"{"sum": 9, "count": 2}"#)
            #expect(!second.report.coldStart)
            #expect(second.report.initDurationMicroseconds == nil)
            #expect(second.report.environmentID == first.report.environmentID)
        }
    }

    @Test func platformLinesAreInOrder() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "logger", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py": """
                    import logging, os, sys
                    print("at import")
                    log = logging.getLogger()
                    log.setLevel("INFO")
                    def handler(event, context):
                        print("plain", 1)
                        log.info("hello %s", "there")
                        print("to stderr", file=sys.stderr)
                        os.system("echo from a child")
                        log.warning("two\\nlines")
                        print("no line end", end="")
                    """
                ])
            let outcome = await bench.invoke(function)
            #expect(outcome.payload == "null")
            #expect(outcome.lines.first?.hasPrefix("INIT_START Runtime Version: python:3.") == true)
            #expect(outcome.lines.dropFirst().first == "at import")
            #expect(outcome.lines.dropFirst(2).first == "START RequestId: \(outcome.id) Version: $LATEST")
            let own = outcome.own
            try #require(own.count == 6)
            #expect(own[0] == "plain 1")
            #expect(
                own[1].wholeMatch(of: /\[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t[0-9a-f-]{36}\thello there/)
                    != nil)
            #expect(own[2] == "to stderr")
            #expect(own[3] == "from a child")
            #expect(own[4].hasPrefix("[WARNING]\t") && own[4].hasSuffix("two\nlines"))
            #expect(own[5] == "no line end")
            let report = try #require(outcome.lines.last)
            #expect(
                report.wholeMatch(
                    of:
                        /REPORT RequestId: [0-9a-f-]{36}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t/
                ) != nil)
            let tail = String(decoding: outcome.report.logTail, as: UTF8.self)
            #expect(tail.hasSuffix(report + "\n"))
            #expect(outcome.report.logTail.count <= 4096)
            let again = await bench.invoke(function)
            #expect(again.lines.first == "START RequestId: \(again.id) Version: $LATEST")
            #expect(again.lines.last?.contains("Init Duration") == false)
        }
    }

    @Test func contextAndEnvironment() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "context", runtime: "python3.12", handler: "pkg/app.handler",
                files: [
                    "pkg/app.py": """
                    import os
                    def handler(event, context):
                        return {
                            "attributes": [context.function_name, context.function_version, context.invoked_function_arn,
                                           context.memory_limit_in_mb, context.aws_request_id, context.log_group_name,
                                           context.log_stream_name, context.identity.cognito_identity_id],
                            "remaining": context.get_remaining_time_in_millis(),
                            "custom": context.client_context.custom["k"],
                            "environment": {k: os.environ.get(k) for k in event},
                            "text": "é",
                        }
                    """
                ]
            ) {
                $0.variables = ["MINE": "a b", "AWS_REGION": "not-mine"]; $0.endpointURL = "http://127.0.0.1:1"
            }
            var order = bench.order(
                function,
                #"["MINE","AWS_REGION","AWS_EXECUTION_ENV","AWS_LAMBDA_INITIALIZATION_TYPE","_X_AMZN_TRACE_ID","AWS_ENDPOINT_URL","HOME","USER"]"#
            )
            order.clientContext = #"{"custom":{"k":"v"}}"#
            let outcome = await bench.run(order)
            let stream = "2026/11/23/[$LATEST]\(order.newEnvironment.id)"
            #expect(
                outcome.payload.hasPrefix(
                    #"{"attributes": ["context", "$LATEST", "arn:aws:lambda:eu-west-1:123456789012:function:context:live", "256", "\#(outcome.id)", "/aws/lambda/context", "\#(stream)", null], "remaining": "#
                ), "\(outcome.payload)")
            #expect(
                outcome.payload.contains(
                    #""custom": "v", "environment": {"MINE": "a b", "AWS_REGION": "eu-west-1", "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "_X_AMZN_TRACE_ID": "\#(order.traceID)", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "HOME": null, "USER": null}, "text": "é"}"#
                ), "\(outcome.payload)")
        }
    }

    @Test func exceptionsAreReportedWithTheirTrace() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "failing", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "class CustomException(Exception):\n    pass\n\ndef handler(event, context):\n    raise CustomException('no \"luck\"')\n"
                ])
            let outcome = await bench.invoke(function)
            let path = bench.runtime.isSandboxed ? "/var/task" : function.codeDirectory
            #expect(outcome.report.functionError == "Unhandled")
            #expect(outcome.report.status == .error)
            #expect(
                outcome.payload
                    == #"{"errorMessage": "no \"luck\"", "errorType": "CustomException", "requestId": "\#(outcome.id)", "stackTrace": ["  File \"\#(path)/app.py\", line 5, in handler\n    raise CustomException('no \"luck\"')\n"]}"#
            )
            let nbsp = "\u{a0}"
            #expect(
                outcome.own == [
                    "[ERROR] CustomException: no \"luck\"\nTraceback (most recent call last):\n\(nbsp)\(nbsp)File \"\(path)/app.py\", line 5, in handler\n\(nbsp)\(nbsp)\(nbsp)\(nbsp)raise CustomException('no \"luck\"')"
                ])
            // An exception is no crash: the environment goes on.
            #expect(await bench.invoke(function).report.coldStart == false)
        }
    }

    @Test(arguments: [
        ("app.missing", "Runtime.HandlerNotFound", "Handler 'missing' missing on module 'app'"),
        (
            "nothing.handler", "Runtime.ImportModuleError",
            "Unable to import module 'nothing': No module named 'nothing'"
        ),
        (
            "handler", "Runtime.MalformedHandlerName",
            "Bad handler 'handler': not enough values to unpack (expected 2, got 1)"
        ),
        ("bad.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'bad': "),
        ("raising.handler", "ZeroDivisionError", "division by zero"),
    ])
    func errorsBeforeTheHandler(handler: String, type: String, message: String) async throws {
        try await withBench { bench in
            let function = try bench.function(
                "early", runtime: "python3.13", handler: handler,
                files: ["app.py": "x = 1\n", "bad.py": "def handler(:\n", "raising.py": "1 / 0\n"])
            let outcome = await bench.invoke(function)
            #expect(outcome.report.functionError == "Unhandled")
            #expect(outcome.payload.contains("\"errorType\": \"\(type)\", \"requestId\": \"\""), "\(outcome.payload)")
            #expect(outcome.payload.hasPrefix("{\"errorMessage\": \"\(message)"), "\(outcome.payload)")
            // AWS initializes again inside the invocation.
            #expect(outcome.lines.filter { $0.hasPrefix("INIT_REPORT") }.count == 2)
            #expect(outcome.lines.contains { $0.contains("Phase: invoke\tStatus: error\tError Type: \(type)") })
            #expect(await bench.environmentEnd(outcome.report.environmentID) == .initializationFailed)
        }
    }

    @Test func resultsThatAreNoJSON() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "marshal", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "from decimal import Decimal\ndef handler(event, context):\n    return {1, 2} if event['bad'] else {'price': Decimal('1.10')}\n"
                ])
            let bad = await bench.invoke(function, #"{"bad": true}"#)
            #expect(
                bad.payload.hasPrefix(
                    #"{"errorMessage": "Unable to marshal response: Object of type set is not JSON serializable", "errorType": "Runtime.MarshalError""#
                ))
            let good = await bench.invoke(function, #"{"bad": false}"#)
            #expect(good.payload == #"{"price": 1.10}"#)
        }
    }

    @Test func exitsAndSignals() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "leaver", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "import os, sys\ndef handler(event, context):\n    if 'code' in event: sys.exit(event['code'])\n    if 'signal' in event: os.kill(os.getpid(), event['signal'])\n    return 1\n"
                ])
            for (payload, ending) in [
                (#"{"code": 7}"#, "Runtime exited with error: exit status 7"),
                (#"{"code": 0}"#, "Runtime exited without providing a reason"),
                (#"{"signal": 11}"#, "Runtime exited with error: signal: segmentation fault"),
            ] {
                let outcome = await bench.invoke(function, payload)
                #expect(outcome.report.status == .crash)
                #expect(
                    outcome.payload
                        == #"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: \#(outcome.id) Error: \#(ending)"}"#
                )
                #expect(outcome.own.last == "RequestId: \(outcome.id) Error: \(ending)\nRuntime.ExitError")
                #expect(await bench.environmentEnd(outcome.report.environmentID) == .exited)
                #expect(outcome.report.coldStart)
            }
            #expect(await bench.invoke(function).payload == "1")
        }
    }

    @Test func timeouts() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "slow", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "import time\ndef handler(event, context):\n    print('going to sleep')\n    time.sleep(60)\n"
                ]
            ) { $0.timeoutSeconds = 1 }
            let outcome = await bench.invoke(function)
            #expect(outcome.report.status == .timeout)
            #expect(
                outcome.payload
                    == #"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: \#(outcome.id) Error: Task timed out after 1.00 seconds"}"#
            )
            #expect(outcome.own.first == "going to sleep")
            #expect(outcome.own.last?.hasSuffix(" \(outcome.id) Task timed out after 1.00 seconds") == true)
            #expect(outcome.lines.last?.contains("Duration: 1000.00 ms") == true)
            #expect(outcome.lines.last?.hasSuffix("Status: timeout\t") == true)
            #expect(await bench.environmentEnd(outcome.report.environmentID) == .timeout)
        }
    }

    @Test func outOfMemory() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "hungry", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "def handler(event, context):\n    parts = []\n    while True:\n        parts.append(bytearray(b'x') * 4_000_000)\n"
                ]
            ) { $0.memorySizeMB = 128 }
            let outcome = await bench.invoke(function)
            #expect(outcome.report.status == .crash)
            #expect(outcome.payload.hasSuffix(#"Error: Runtime exited with error: signal: killed"}"#))
            #expect(outcome.report.maxMemoryUsedMB == 128)
            #expect(outcome.lines.last?.hasSuffix("Status: error\tError Type: Runtime.OutOfMemory\t") == true)
            #expect(await bench.environmentEnd(outcome.report.environmentID) == .outOfMemory)
        }
    }

    @Test func outOfMemoryWhileInitializing() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "greedy", runtime: "python3.13", handler: "app.handler",
                files: ["app.py": "parts = []\nwhile True:\n    parts.append(bytearray(b'x') * 4_000_000)\n"]
            ) { $0.memorySizeMB = 128 }
            let outcome = await bench.invoke(function)
            #expect(
                outcome.payload.hasSuffix(#"Error: Runtime exited with error: signal: killed"}"#), "\(outcome.payload)")
            #expect(
                outcome.lines.contains { $0.hasSuffix("Phase: init\tStatus: error\tError Type: Runtime.OutOfMemory") })
            #expect(await bench.environmentEnd(outcome.report.environmentID) == .initializationFailed)
        }
    }

    @Test func slowInitializationIsDoneAgainInsideTheInvocation() async throws {
        try await withBench({ $0.initTimeout = .milliseconds(200) }) { bench in
            let function = try bench.function(
                "lazy", runtime: "python3.13", handler: "app.handler",
                files: ["app.py": "import time\ntime.sleep(0.5)\ndef handler(event, context):\n    return 'late'\n"])
            let outcome = await bench.invoke(function)
            #expect(outcome.payload == "\"late\"")
            #expect(
                outcome.lines.contains { $0.hasPrefix("INIT_REPORT") && $0.hasSuffix("Phase: init\tStatus: timeout") })
            #expect(outcome.report.durationMicroseconds > 500_000)
            #expect(outcome.report.initDurationMicroseconds == nil)
        }
    }

    @Test func anAnswerTooLarge() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "large", runtime: "python3.13", handler: "app.handler",
                files: ["app.py": "def handler(event, context):\n    return 'x' * event\n"])
            let most = await bench.invoke(function, "6291554")
            #expect(most.report.payload.count == 6_291_556)
            let outcome = await bench.invoke(function, "6291555")
            #expect(
                outcome.payload
                    == #"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}"#
            )
            #expect(outcome.report.functionError == "Unhandled")
        }
    }

    @Test func aFunctionThatNeverStopsWritingStillTimesOut() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "flood", runtime: "python3.13", handler: "app.handler",
                files: ["app.py": "def handler(event, context):\n    while True: print('x' * 1000)\n"]
            ) { $0.timeoutSeconds = 1 }
            let outcome = await bench.invoke(function)
            #expect(outcome.report.status == .timeout)
            #expect(outcome.report.logTail.count <= 4096)
        }
    }

    @Test func linesInJSON() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "structured", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "import logging\nlog = logging.getLogger('mine')\ndef handler(event, context):\n    log.warning('careful', extra={'order': 7})\n    if event: raise ValueError('no')\n"
                ]
            ) { $0.variables["AWS_LAMBDA_LOG_FORMAT"] = "JSON" }
            let outcome = await bench.invoke(function, "0")
            try #require(outcome.lines.count == 4, "\(outcome.lines)")
            let time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"
            let patterns = [
                "\\{\"time\":\"\(time)\",\"type\":\"platform.initStart\",\"record\":\\{\"initializationType\":\"on-demand\",\"phase\":\"init\",\"runtimeVersion\":\"python:3.*\"\\}\\}",
                "\\{\"time\":\"\(time)\",\"type\":\"platform.start\",\"record\":\\{\"requestId\":\"\(outcome.id)\",\"version\":\"\\$LATEST\"\\}\\}",
                "\\{\"timestamp\": \"\(time)\", \"level\": \"WARNING\", \"message\": \"careful\", \"logger\": \"mine\", \"requestId\": \"\(outcome.id)\", \"order\": 7\\}",
                "\\{\"time\":\"\(time)\",\"type\":\"platform.report\",\"record\":\\{\"requestId\":\"\(outcome.id)\",\"metrics\":\\{\"durationMs\":[0-9.]+,\"billedDurationMs\":[0-9]+,\"memorySizeMB\":256,\"maxMemoryUsedMB\":[0-9]+,\"initDurationMs\":[0-9.]+\\},\"status\":\"success\"\\}\\}",
            ]
            for (line, pattern) in zip(outcome.lines, patterns) {
                #expect(try Regex(pattern).wholeMatch(in: line) != nil, "\(line)")
            }
            let failed = await bench.invoke(function, "1")
            #expect(
                failed.lines.contains {
                    $0.contains(#""level": "ERROR", "errorMessage": "no", "errorType": "ValueError""#)
                })
        }
    }
}
