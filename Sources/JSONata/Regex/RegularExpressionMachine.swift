extension RegularExpression {
    private struct Thread {
        var counter: Int
        var position: Int
        var saved: [Int]
        var marks: [Int]
    }

    /// The first match at or after a position.
    func match(_ text: [UInt16], from start: Int, steps: inout Int) throws(JSONataError) -> Match? {
        guard start <= text.count else { return nil }
        for position in start...text.count {
            let blank = [Int](repeating: -1, count: (captureCount + 1) * 2)
            let marks = [Int](repeating: -1, count: markCount)
            let first = Thread(counter: 0, position: position, saved: blank, marks: marks)
            guard let end = try run(first, text, &steps, depth: 0) else { continue }
            let groups = (1..<captureCount + 1).map { group -> Range<Int>? in
                let (lower, upper) = (end.saved[group * 2], end.saved[group * 2 + 1])
                return lower >= 0 && upper >= lower ? lower..<upper : nil
            }
            return Match(start: position, end: end.position, groups: groups)
        }
        return nil
    }

    private func run(
        _ first: Thread, _ text: [UInt16], _ steps: inout Int, depth: Int
    ) throws(JSONataError) -> Thread? {
        guard depth < 50 else { throw JSONataError("U1001") }
        var thread = first
        var waiting: [Thread] = []
        while true {
            steps -= 1
            guard steps > 0, waiting.count < 200_000 else { throw JSONataError("U1002") }
            var isAlive = true
            switch program[thread.counter] {
            case .matched: return thread
            case .jump(let target):
                thread.counter = target
                continue
            case .split(let target, let other):
                var later = thread
                later.counter = other
                waiting.append(later)
                thread.counter = target
                continue
            case .save(let index): thread.saved[index] = thread.position
            case .reset(let captures):
                for capture in captures {
                    thread.saved[capture * 2] = -1
                    thread.saved[capture * 2 + 1] = -1
                }
            case .mark(let mark): thread.marks[mark] = thread.position
            case .progress(let mark): isAlive = thread.marks[mark] != thread.position
            case .look(let end, let isNegative):
                var inner = thread
                inner.counter += 1
                let found = try run(inner, text, &steps, depth: depth + 1)
                isAlive = (found != nil) != isNegative
                if let found, !isNegative { thread.saved = found.saved }
                thread.counter = end - 1
            case .backreference(let group):
                isAlive = consume(group, text, &thread)
            case .start:
                isAlive = thread.position == 0 || isMultiline && Self.isLineEnd(text[thread.position - 1])
            case .end:
                isAlive = thread.position == text.count || isMultiline && Self.isLineEnd(text[thread.position])
            case .boundary: isAlive = isBoundary(thread.position, text)
            case .noBoundary: isAlive = !isBoundary(thread.position, text)
            case .unit(let unit):
                isAlive = advance(&thread, text) {
                    $0 == unit || isCaseInsensitive && Self.upper($0) == Self.upper(unit)
                }
            case .any: isAlive = advance(&thread, text) { !Self.isLineEnd($0) }
            case .set(let set):
                isAlive = advance(&thread, text) { set.contains($0, ignoringCase: isCaseInsensitive) }
            }
            if isAlive {
                thread.counter += 1
            } else if let next = waiting.popLast() {
                thread = next
            } else {
                return nil
            }
        }
    }

    private func advance(_ thread: inout Thread, _ text: [UInt16], _ fits: (UInt16) -> Bool) -> Bool {
        guard thread.position < text.count, fits(text[thread.position]) else { return false }
        thread.position += 1
        return true
    }

    private func isBoundary(_ position: Int, _ text: [UInt16]) -> Bool {
        let before = position > 0 && Self.isWord(text[position - 1])
        let after = position < text.count && Self.isWord(text[position])
        return before != after
    }

    private func consume(_ group: Int, _ text: [UInt16], _ thread: inout Thread) -> Bool {
        guard group * 2 + 1 < thread.saved.count else { return true }
        let (lower, upper) = (thread.saved[group * 2], thread.saved[group * 2 + 1])
        guard lower >= 0, upper >= lower else { return true }
        guard thread.position + upper - lower <= text.count else { return false }
        for offset in 0..<upper - lower {
            let (a, b) = (text[lower + offset], text[thread.position + offset])
            guard a == b || isCaseInsensitive && Self.upper(a) == Self.upper(b) else { return false }
        }
        thread.position += upper - lower
        return true
    }
}
