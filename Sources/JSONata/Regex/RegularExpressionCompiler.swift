/// From the items of a pattern to instructions of the matching machine.
struct RegularExpressionCompiler {
    static let maximumSize = 20_000

    let names: [String: Int]
    private(set) var program: [RegularExpression.Instruction] = []
    private(set) var markCount = 0

    init(names: [String: Int]) { self.names = names }

    /// False where the pattern is too large.
    mutating func compile(_ item: RegularExpression.Item) -> Bool {
        guard program.count < Self.maximumSize else { return false }
        switch item {
        case .unit(let unit): program.append(.unit(unit))
        case .any: program.append(.any)
        case .set(let set): program.append(.set(set))
        case .start: program.append(.start)
        case .end: program.append(.end)
        case .boundary: program.append(.boundary)
        case .noBoundary: program.append(.noBoundary)
        case .backreference(let group): program.append(.backreference(group))
        case .named(let name): program.append(.backreference(names[name] ?? 0))
        case .sequence(let items):
            for item in items where !compile(item) { return false }
        case .choice(let items): return compile(choice: items)
        case .group(let item, let capture):
            if let capture { program.append(.save(capture * 2)) }
            guard compile(item) else { return false }
            if let capture { program.append(.save(capture * 2 + 1)) }
        case .look(let item, let isNegative):
            let start = program.count
            program.append(.matched)
            guard compile(item) else { return false }
            program.append(.matched)
            program[start] = .look(end: program.count, isNegative: isNegative)
        case .repetition(let item, let minimum, let maximum, let isLazy, let captures):
            return compile(item, minimum, maximum, isLazy, captures)
        }
        return true
    }

    private mutating func compile(choice items: [RegularExpression.Item]) -> Bool {
        var jumps: [Int] = []
        for (index, item) in items.enumerated() {
            guard index < items.count - 1 else {
                guard compile(item) else { return false }
                break
            }
            let split = program.count
            program.append(.matched)
            guard compile(item) else { return false }
            jumps.append(program.count)
            program.append(.matched)
            program[split] = .split(first: split + 1, second: program.count)
        }
        for jump in jumps { program[jump] = .jump(program.count) }
        return true
    }

    private mutating func compile(
        _ item: RegularExpression.Item, _ minimum: Int, _ maximum: Int, _ isLazy: Bool, _ captures: Range<Int>
    ) -> Bool {
        guard minimum < Self.maximumSize else { return false }
        for _ in 0..<minimum {
            if !captures.isEmpty { program.append(.reset(captures)) }
            guard compile(item) else { return false }
        }
        if maximum == .max {
            let mark = markCount
            markCount += 1
            let split = program.count
            program.append(.matched)
            program.append(.mark(mark))
            if !captures.isEmpty { program.append(.reset(captures)) }
            guard compile(item) else { return false }
            program.append(.progress(mark))
            program.append(.jump(split))
            program[split] = branch(split + 1, program.count, isLazy)
            return true
        }
        guard maximum - minimum < Self.maximumSize else { return false }
        var splits: [Int] = []
        for _ in 0..<max(0, maximum - minimum) {
            splits.append(program.count)
            program.append(.matched)
            if !captures.isEmpty { program.append(.reset(captures)) }
            guard compile(item) else { return false }
        }
        for split in splits { program[split] = branch(split + 1, program.count, isLazy) }
        return true
    }

    private func branch(_ into: Int, _ past: Int, _ isLazy: Bool) -> RegularExpression.Instruction {
        isLazy ? .split(first: past, second: into) : .split(first: into, second: past)
    }
}
