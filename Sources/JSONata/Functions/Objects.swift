extension Library {
    static let objects: [Entry] = [
        (
            "keys", "<x-:a<s>>",
            { _, arguments, _ in
                var keys: [String] = []
                var seen: Set<String> = []
                func collect(_ value: Value, _ level: Int) {
                    switch value {
                    case .object(let object):
                        for key in object.keys where seen.insert(key).inserted { keys.append(key) }
                    case .array(let array) where level < 100: for item in array.items { collect(item, level + 1) }
                    default: break
                    }
                }
                collect(arguments.at(0), 0)
                return .sequence(keys.map { .string($0) })
            }
        ),
        (
            "lookup", "<x-s:x>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let key = arguments.string(1) else { return .undefined }
                return try evaluator.member(key, of: arguments.at(0))
            }
        ),
        (
            "spread", "<x-:a<o>>",
            { _, arguments, _ in
                func spread(_ value: Value, _ level: Int) -> [Value] {
                    switch value {
                    case .array(let array) where level < 100: return array.items.flatMap { spread($0, level + 1) }
                    case .object(let object):
                        return zip(object.keys, object.values).map { key, value in
                            let member = ObjectValue()
                            member[key] = value
                            return .object(member)
                        }
                    default: return [value]
                    }
                }
                switch arguments.at(0) {
                case .array, .object: return .sequence(spread(arguments.at(0), 0))
                default: return arguments.at(0)
                }
            }
        ),
        (
            "merge", "<a<o>:o>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let array = arguments.at(0).array else { return .undefined }
                let result = ObjectValue()
                for item in array.items {
                    guard case .object(let object) = item else { continue }
                    try evaluator.spend(object.count)
                    for (key, value) in zip(object.keys, object.values) { result[key] = value }
                }
                return .object(result)
            }
        ),
    ]

    static let general: [Entry] = [
        ("boolean", "<x-:b>", { _, arguments, _ in arguments.at(0).boolean.map { .bool($0) } ?? .undefined }),
        ("not", "<x-:b>", { _, arguments, _ in arguments.at(0).boolean.map { .bool(!$0) } ?? .undefined }),
        (
            "type", "<x:s>",
            { _, arguments, _ in
                switch arguments.at(0) {
                case .undefined: .undefined
                case .null: .string("null")
                case .bool: .string("boolean")
                case .number, .whole: .string("number")
                case .string: .string("string")
                case .array: .string("array")
                case .object: .string("object")
                case .function: .string("function")
                }
            }
        ),
        (
            "error", "<s?:x>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                throw JSONataError(code: "D3137", message: arguments.string(0) ?? "$error() function evaluated")
            }
        ),
        (
            "assert", "<bs?:x>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                if arguments.at(0).isTrue { return .undefined }
                throw JSONataError(code: "D3141", message: arguments.string(1) ?? "$assert() statement failed")
            }
        ),
        (
            "clone", "<(oa)-:o>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                arguments.at(0).isUndefined ? .undefined : try evaluator.copy(of: arguments.at(0), level: 0)
            }
        ),
        (
            "eval", "<sx?:x>",
            { (evaluator, arguments, input) throws(JSONataError) -> Value in
                guard let source = arguments.string(0) else { return .undefined }
                let tree: Node
                do throws(JSONataError) {
                    tree = try Parser.parse(source)
                } catch {
                    throw JSONataError("D3120", value: error.message)
                }
                let context = arguments.count > 1 && !arguments[1].isUndefined ? arguments[1] : input
                do throws(JSONataError) {
                    let frame = Frame(parent: nil)
                    frame.bind("$", context)
                    return try evaluator.evaluate(tree, context, frame)
                } catch {
                    throw JSONataError("D3121", value: error.message)
                }
            }
        ),
    ]
}
