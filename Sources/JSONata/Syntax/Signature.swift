/// A function's declared types, `<s-n?:b>`: what may be passed, what comes from the context.
struct Signature: Sendable {
    struct Parameter: Sendable {
        var type: Character
        /// Kinds of values it takes; `m` stands for a missing one.
        var symbols: Set<Character>
        var minimum = 1
        var maximum = 1
        var takesContext = false
        var subtype: String?
    }

    private(set) var parameters: [Parameter] = []

    init(parsing text: String, position: Int? = nil) throws(JSONataError) {
        let characters = Array(text)
        var index = 1
        func closing(_ open: Character, _ close: Character, from start: Int) -> Int {
            var depth = 0
            for position in start..<characters.count {
                if characters[position] == open { depth += 1 }
                if characters[position] == close { depth -= 1 }
                if depth == 0 { return position }
            }
            return characters.count - 1
        }
        scan: while index < characters.count {
            let symbol = characters[index]
            switch symbol {
            case ":": break scan
            case "s", "n", "b", "l", "o": add(symbol, [symbol, "m"])
            case "a", "x": add(symbol, Set("asnblfom"))
            case "f": add(symbol, ["f"])
            case "j": add(symbol, Set("asnblom"))
            case "-" where !parameters.isEmpty:
                parameters[parameters.count - 1].takesContext = true
                parameters[parameters.count - 1].minimum = 0
            case "?" where !parameters.isEmpty: parameters[parameters.count - 1].minimum = 0
            case "+" where !parameters.isEmpty: parameters[parameters.count - 1].maximum = .max
            case "(":
                let end = closing("(", ")", from: index)
                let choice = characters[index + 1..<max(index + 1, end)]
                if choice.contains("<") { throw JSONataError("S0402", position: position) }
                add("(", Set(choice).union(["m"]))
                index = end
            case "<":
                guard let last = parameters.last, last.type == "a" || last.type == "f" else {
                    throw JSONataError("S0401", position: position)
                }
                let end = closing("<", ">", from: index)
                parameters[parameters.count - 1].subtype = String(characters[index + 1..<max(index + 1, end)])
                index = end
            default: break
            }
            index += 1
        }
    }

    private mutating func add(_ type: Character, _ symbols: Set<Character>) {
        parameters.append(Parameter(type: type, symbols: symbols))
    }

    static func symbol(_ value: Value) -> Character {
        switch value {
        case .undefined: "m"
        case .null: "l"
        case .bool: "b"
        case .number, .whole: "n"
        case .string: "s"
        case .array: "a"
        case .object: "o"
        case .function: "f"
        }
    }

    /// The arguments as the function shall see them: context filled in, single values made arrays.
    func validate(_ arguments: [Value], context: Value) throws(JSONataError) -> [Value] {
        let supplied = arguments.map(Self.symbol)
        guard let counts = match(supplied) else { throw failure(supplied) }
        var result: [Value] = []
        var index = 0
        for (parameter, count) in zip(parameters, counts) {
            if count == 0 {
                if parameter.takesContext {
                    guard parameter.symbols.contains(Self.symbol(context)) else {
                        throw JSONataError("T0411", index: index + 1)
                    }
                    result.append(context)
                } else {
                    result.append(arguments.at(index))
                    index += 1
                }
                continue
            }
            for _ in 0..<count {
                result.append(try checked(arguments.at(index), parameter, index: index + 1))
                index += 1
            }
        }
        return result
    }

    private func checked(_ value: Value, _ parameter: Parameter, index: Int) throws(JSONataError) -> Value {
        guard parameter.type == "a", !value.isUndefined else { return value }
        let symbol = Self.symbol(value)
        if let subtype = parameter.subtype {
            var isFine = true
            if case .array(let array) = value {
                if array.count > 0 {
                    let first = Self.symbol(array[0])
                    isFine = first == subtype.first && array.items.allSatisfy { Self.symbol($0) == first }
                }
            } else {
                isFine = String(symbol) == subtype
            }
            let names: [String: String] = [
                "a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
            ]
            if !isFine { throw JSONataError("T0412", value: names[subtype] ?? subtype, index: index) }
        }
        return symbol == "a" ? value : .list([value])
    }

    /// How many arguments each parameter takes, greedily with backtracking; nil where they do not fit.
    private func match(_ supplied: [Character]) -> [Int]? {
        func fit(_ parameter: Int, _ position: Int) -> [Int]? {
            guard parameter < parameters.count else { return position == supplied.count ? [] : nil }
            let wanted = parameters[parameter]
            var count = 0
            while count < wanted.maximum, position + count < supplied.count,
                wanted.symbols.contains(supplied[position + count])
            {
                count += 1
            }
            while count >= wanted.minimum {
                if let rest = fit(parameter + 1, position + count) { return [count] + rest }
                count -= 1
            }
            return nil
        }
        return fit(0, 0)
    }

    private func failure(_ supplied: [Character]) -> JSONataError {
        var good = 0
        for parameter in parameters {
            var count = 0
            while count < parameter.maximum, good + count < supplied.count,
                parameter.symbols.contains(supplied[good + count])
            {
                count += 1
            }
            if count < parameter.minimum { break }
            good += count
        }
        return JSONataError("T0410", index: good + 1)
    }
}
