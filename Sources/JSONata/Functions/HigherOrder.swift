extension Library {
    static let higherOrder: [Entry] = [
        (
            "map", "<af>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let array = arguments.at(0).array, let function = arguments.at(1).function else {
                    return .undefined
                }
                let result = ArrayValue(isSequence: true)
                for (index, item) in array.items.enumerated() {
                    let value = try evaluator.call(function, with: [item, .number(Double(index)), .array(array)])
                    if !value.isUndefined { result.append(value) }
                }
                return .array(result)
            }
        ),
        (
            "filter", "<af>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let array = arguments.at(0).array, let function = arguments.at(1).function else {
                    return .undefined
                }
                let result = ArrayValue(isSequence: true)
                for (index, item) in array.items.enumerated() {
                    let value = try evaluator.call(function, with: [item, .number(Double(index)), .array(array)])
                    if value.isTrue { result.append(item) }
                }
                return .array(result)
            }
        ),
        (
            "single", "<af?>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let array = arguments.at(0).array else { return .undefined }
                var found: Value?
                for (index, item) in array.items.enumerated() {
                    if let function = arguments.at(1).function {
                        let value = try evaluator.call(function, with: [item, .number(Double(index)), .array(array)])
                        guard value.isTrue else { continue }
                    }
                    if found != nil { throw JSONataError("D3138") }
                    found = item
                }
                guard let found else { throw JSONataError("D3139") }
                return found
            }
        ),
        (
            "reduce", "<afj?:j>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let array = arguments.at(0).array, let function = arguments.at(1).function else {
                    return .undefined
                }
                guard function.arity >= 2 else { throw JSONataError("D3050") }
                var result = arguments.at(2)
                var index = 0
                if result.isUndefined, array.count > 0 {
                    result = array[0]
                    index = 1
                }
                while index < array.count {
                    result = try evaluator.call(
                        function, with: [result, array[index], .number(Double(index)), .array(array)])
                    index += 1
                }
                return result
            }
        ),
        (
            "sift", "<o-f?:o>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let object = arguments.at(0).object, let function = arguments.at(1).function else {
                    return .undefined
                }
                let result = ObjectValue()
                for (key, value) in zip(object.keys, object.values) {
                    if try evaluator.call(function, with: [value, .string(key), .object(object)]).isTrue {
                        result[key] = value
                    }
                }
                return result.count == 0 ? .undefined : .object(result)
            }
        ),
        (
            "each", "<o-f:a>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let object = arguments.at(0).object, let function = arguments.at(1).function else {
                    return .undefined
                }
                let result = ArrayValue(isSequence: true)
                for (key, value) in zip(object.keys, object.values) {
                    let value = try evaluator.call(function, with: [value, .string(key), .object(object)])
                    if !value.isUndefined { result.append(value) }
                }
                return .array(result)
            }
        ),
    ]
}
