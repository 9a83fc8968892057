/// Runtimes the console offers, and a first handler for each.
enum StarterCode {
    static let runtimes = ["python3.13", "python3.12", "python3.14", "nodejs22.x", "nodejs24.x"]

    /// The file a handler like `app.handler` is looked for in.
    static func fileName(runtime: String, handler: String) -> String {
        let module = handler.split(separator: ".").dropLast().joined(separator: ".")
        let name = module.isEmpty ? handler : module
        return name + (runtime.hasPrefix("nodejs") ? ".mjs" : ".py")
    }

    static func handlerName(_ handler: String) -> String {
        handler.split(separator: ".").last.map(String.init) ?? "handler"
    }

    /// A handler that answers what it was given.
    static func text(runtime: String, handler: String) -> String {
        let name = handlerName(handler)
        if runtime.hasPrefix("nodejs") {
            return """
                export const \(name) = async (event) => {
                  console.log('event', JSON.stringify(event));
                  return { statusCode: 200, body: JSON.stringify(event) };
                };

                """
        }
        return """
            import json


            def \(name)(event, context):
                print("event", json.dumps(event))
                return {"statusCode": 200, "body": json.dumps(event)}

            """
    }
}
