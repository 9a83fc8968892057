import Emulation
import Testing

@testable import Runtimes

@Suite(.enabled(if: detectedHost.node != nil, "no node on this host"), .serialized)
struct NodeFunctionTests {
    @Test(arguments: [true, false]) func theTwoHandlersFromTheNotes(sandboxed: Bool) async throws {
        try await withBench(sandboxed: sandboxed) { bench in
            let hello = try bench.function(
                "hello", runtime: "nodejs20.x", handler: "index.handler",
                files: [
                    "index.js":
                        #"const AWS = require("aws-sdk"); const querystring = require("querystring"); exports.handler = async (event) => { const response = { statusCode: 200, body: JSON.stringify("Hello from Lambda!") }; return response; };"#
                ])
            #expect(await bench.invoke(hello).payload == #"{"statusCode":200,"body":"\"Hello from Lambda!\""}"#)
            let echo = try bench.function(
                "echo", runtime: "nodejs22.x", handler: "index.handler",
                files: [
                    "index.js":
                        "exports.handler = function (event, context, callback) { callback(null, { statusCode: 200, body: JSON.stringify(event) }); };"
                ])
            #expect(await bench.invoke(echo, #"{"a":1}"#).payload == #"{"statusCode":200,"body":"{\"a\":1}"}"#)
            #expect(await bench.invoke(echo, #"{"a":2}"#).report.coldStart == false)
        }
    }

    @Test func waysToAnswer() async throws {
        try await withBench { bench in
            let code = """
                let late = 0;
                exports.promise = () => Promise.resolve({ a: 1 });
                exports.nothing = () => {};
                exports.undefinedAsync = async () => {};
                exports.waits = (event, context, callback) => { setTimeout(() => { late = 1; }, 50); callback(null, 'x'); };
                exports.late = async () => late;
                exports.impatient = (event, context, callback) => {
                  context.callbackWaitsForEmptyEventLoop = false;
                  setInterval(() => {}, 1000);
                  callback(null, 'now');
                };
                exports.done = (event, context) => { context.succeed('old style'); };
                exports.failed = (event, context, callback) => callback('just text');
                exports.twice = (event, context, callback) => { callback(null, 1); callback(null, 2); };
                exports.forever = async () => { await new Promise(() => {}); };
                exports.deep = { er: { handler: async () => 'deep' } };
                """
            let expected: [(String, String)] = [
                ("promise", #"{"a":1}"#), ("nothing", "null"), ("undefinedAsync", "null"), ("waits", "\"x\""),
                ("impatient", "\"now\""), ("done", "\"old style\""), ("twice", "1"), ("deep.er.handler", "\"deep\""),
                ("failed", #"{"errorType":"string","errorMessage":"just text","trace":[]}"#),
            ]
            for (name, payload) in expected {
                let function = try bench.function(
                    "ways", runtime: "nodejs22.x", handler: "index.\(name)", files: ["index.js": code])
                let outcome = await bench.invoke(function)
                #expect(outcome.payload == payload, "\(name)")
                if name == "waits" { #expect(outcome.report.durationMicroseconds >= 45_000) }
            }
            let forever = try bench.function(
                "ways", runtime: "nodejs22.x", handler: "index.forever", files: ["index.js": code])
            #expect(await bench.invoke(forever).payload.hasPrefix(#"{"errorType":"Runtime.NodeJsExit""#))
        }
    }

    @Test func modulesAndNestedPaths() async throws {
        try await withBench { bench in
            let module = try bench.function(
                "esm", runtime: "nodejs22.x", handler: "src/app.handler",
                files: [
                    "src/app.mjs":
                        "import { twice } from './lib.mjs';\nconst base = await Promise.resolve(20);\nexport const handler = async (event) => twice(base + event.n);\n",
                    "src/lib.mjs": "export const twice = (n) => n * 2;\n",
                ])
            #expect(await bench.invoke(module, #"{"n":1}"#).payload == "42")
            let package = try bench.function(
                "typed", runtime: "nodejs22.x", handler: "index.handler",
                files: [
                    "package.json": #"{"type":"module"}"#,
                    "index.js": "export const handler = async () => import.meta.url.slice(-8);\n",
                ])
            #expect(await bench.invoke(package).payload == "\"index.js\"")
            let layered = try bench.function(
                "layered", runtime: "nodejs22.x", handler: "index.handler",
                files: [
                    "index.js": "const a = require('a'); const b = require('b'); exports.handler = async () => a + b;"
                ],
                layers: [
                    [
                        "nodejs/node_modules/a/index.js": "module.exports = 'first';",
                        "nodejs/node_modules/b/index.js": "module.exports = 'b';",
                    ],
                    ["nodejs/node_modules/a/index.js": "module.exports = 'second';"],
                ])
            #expect(await bench.invoke(layered).payload == "\"secondb\"")
        }
    }

    @Test func aStreamLeavesPartByPart() async throws {
        try await withBench { bench in
            let code = """
                exports.handler = awslambda.streamifyResponse(async (event, stream) => {
                  stream.setContentType('text/plain');
                  stream.write('one,');
                  await new Promise((resolve) => setTimeout(resolve, 20));
                  stream.write('two');
                  if (event.fails) throw new TypeError('half way');
                  stream.end();
                });
                """
            let function = try bench.function(
                "stream", runtime: "nodejs22.x", handler: "index.handler", files: ["index.js": code])
            let whole = await bench.invoke(function)
            #expect(whole.payload == "one,two" && whole.report.streamedContentType == "text/plain")
            let first = await bench.event {
                if case .invocationWrote(whole.id, _, let bytes) = $0 { bytes == Array("one,".utf8) } else { false }
            }
            guard case .invocationWrote(_, let type, _) = first else { return }
            #expect(type == "text/plain")
            let broken = await bench.invoke(function, #"{"fails":true}"#)
            #expect(broken.report.functionError != nil)
            #expect(broken.payload.contains(#""errorType":"TypeError""#) && broken.payload.contains("half way"))
        }
    }

    @Test func consoleLinesCarryTimeRequestAndLevel() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "console", runtime: "nodejs22.x", handler: "index.handler",
                files: [
                    "index.js":
                        "console.log('loading');\nexports.handler = async (event) => { console.log('a %s', 'b', { c: 1 }); console.error('two\\nlines'); process.stdout.write('raw\\n'); console.debug('d'); };"
                ])
            let outcome = await bench.invoke(function)
            #expect(outcome.lines.dropFirst().first?.hasSuffix("Z\tundefined\tINFO\tloading") == true)
            let own = outcome.own
            try #require(own.count == 4)
            #expect(
                own[0].wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t[0-9a-f-]{36}\tINFO\ta b \{ c: 1 \}/)
                    != nil)
            #expect(own[1].hasSuffix("\tERROR\ttwo\nlines"))
            #expect(own[2] == "raw")
            #expect(own[3].hasSuffix("\tDEBUG\td"))
        }
    }

    @Test func errors() async throws {
        try await withBench { bench in
            let code = """
                class CustomError extends Error { constructor(m) { super(m); this.name = 'CustomError'; } }
                exports.thrown = async () => { throw new CustomError('bad'); };
                exports.rejected = async () => { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 1000)); };
                exports.later = (event, context, callback) => { setTimeout(() => { throw new TypeError('later'); }, 5); };
                exports.exits = async () => process.exit(3);
                exports.circular = async () => { const a = {}; a.a = a; return a; };
                """
            func run(_ name: String, runtime: String = "nodejs22.x") async throws -> Outcome {
                await bench.invoke(
                    try bench.function("errors", runtime: runtime, handler: "index.\(name)", files: ["index.js": code]))
            }
            let thrown = try await run("thrown")
            #expect(
                thrown.payload.hasPrefix(
                    #"{"errorType":"CustomError","errorMessage":"bad","trace":["CustomError: bad","    at exports.thrown"#
                ), "\(thrown.payload)")
            #expect(
                thrown.own.first?.contains(
                    "\tERROR\tInvoke Error \t{\"errorType\":\"CustomError\",\"errorMessage\":\"bad\",\"name\":\"CustomError\",\"stack\":["
                ) == true, "\(thrown.own)")
            #expect(thrown.report.status == .error)
            let rejected = try await run("rejected")
            #expect(
                rejected.payload.hasPrefix(
                    #"{"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: lost","trace":["Runtime.UnhandledPromiseRejection: Error: lost""#
                ), "\(rejected.payload)")
            let later = try await run("later")
            #expect(later.payload.hasPrefix(#"{"errorType":"TypeError","errorMessage":"later""#))
            #expect(await bench.environmentEnd(later.report.environmentID) == .exited)
            let exits = try await run("exits")
            #expect(exits.payload.hasSuffix("Error: Runtime exited with error: exit status 3\"}"))
            #expect(try await run("circular").payload.contains("Unable to stringify response body"))
            let missing = try await run("none")
            #expect(
                missing.payload.hasPrefix(
                    #"{"errorType":"Runtime.HandlerNotFound","errorMessage":"index.none is undefined or not exported","trace":["Runtime.HandlerNotFound: index.none is undefined or not exported""#
                ), "\(missing.payload)")
            let refused = try await run("later", runtime: "nodejs24.x")
            #expect(
                refused.payload.hasPrefix(
                    #"{"errorType":"Runtime.CallbackHandlerDeprecated","errorMessage":"ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24."#
                ))
            let absent = await bench.invoke(
                try bench.function("absent", runtime: "nodejs22.x", handler: "gone.handler", files: ["index.js": ""]))
            #expect(
                absent.payload.hasPrefix(
                    #"{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'gone'"#),
                "\(absent.payload)")
            let syntax = await bench.invoke(
                try bench.function(
                    "syntax", runtime: "nodejs22.x", handler: "index.handler",
                    files: ["index.js": "exports.handler = ("]))
            #expect(
                syntax.payload.hasPrefix(
                    #"{"errorType":"Runtime.UserCodeSyntaxError","errorMessage":"SyntaxError: Unexpected end of input"#),
                "\(syntax.payload)")
            let dots = await bench.invoke(
                try bench.function("dots", runtime: "nodejs22.x", handler: "../x.handler", files: ["index.js": ""]))
            #expect(dots.payload.contains("'../x.handler' is not a valid handler name."))
        }
    }

    @Test func context() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "context", runtime: "nodejs22.x", handler: "index.handler",
                files: [
                    "index.js":
                        "exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() > 9000, path: process.env.NODE_PATH.split(':').length });"
                ])
            let outcome = await bench.invoke(function)
            let stream = "2026/11/23/[$LATEST]\(outcome.report.environmentID)"
            #expect(
                outcome.payload
                    == #"{"functionVersion":"$LATEST","functionName":"context","memoryLimitInMB":"256","logGroupName":"/aws/lambda/context","logStreamName":"\#(stream)","invokedFunctionArn":"arn:aws:lambda:eu-west-1:123456789012:function:context:live","awsRequestId":"\#(outcome.id)","callbackWaitsForEmptyEventLoop":true,"left":true,"path":5}"#,
                "\(outcome.payload)")
        }
    }
}
