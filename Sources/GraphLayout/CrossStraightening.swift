extension CrossPlacement {
    /// Takes the bends out that layer-by-layer alignment can't: for each bent line, everything that hangs straight on one
    /// of its ends is moved over as a whole, pushing aside what is in the way, when that makes the drawing better.
    mutating func straighten() {
        let bends = above.indices.flatMap { vertex in above[vertex].map { (vertex, $0) } }
            .enumerated().sorted { ($0.element.1.weight, $1.offset) > ($1.element.1.weight, $0.offset) }.map(\.element)
        var cost = cost()
        for _ in 0..<3 {
            var hasImproved = false
            for (lower, pull) in bends {
                let distance = columns[pull.vertex] + pull.shift - columns[lower]
                guard distance != 0 else { continue }
                for (start, end, shift) in [(lower, pull.vertex, distance), (pull.vertex, lower, -distance)] {
                    let saved = columns
                    guard move(start, by: shift, keeping: end) else { continue }
                    let now = self.cost()
                    if now < cost {
                        cost = now
                        hasImproved = true
                        break
                    }
                    columns = saved
                }
            }
            if !hasImproved { break }
        }
    }

    /// Moves a vertex with all that is in line with it. False, with nothing moved, when `fixed` would have to move, too.
    private mutating func move(_ vertex: Int, by shift: Int, keeping fixed: Int) -> Bool {
        var isMoving: Set<Int> = []
        var open = [vertex]
        while let next = open.popLast() {
            if next == fixed { return false }
            guard isMoving.insert(next).inserted else { continue }
            for pull in above[next] + below[next]
            where pull.slack == 0 && columns[pull.vertex] + pull.shift == columns[next]
                && !isMoving.contains(pull.vertex)
            {
                open.append(pull.vertex)
            }
            // The neighbour ahead must keep its distance.
            let (layer, place) = places[next]
            let ahead = shift > 0 ? place + 1 : place - 1
            guard layers[layer].indices.contains(ahead) else { continue }
            let neighbour = layers[layer][ahead]
            let gap = gaps[layer][max(place, ahead)]
            if abs(columns[neighbour] - columns[next]) < gap + abs(shift), !isMoving.contains(neighbour) {
                open.append(neighbour)
            }
        }
        for vertex in isMoving { columns[vertex] += shift }
        return true
    }
}
