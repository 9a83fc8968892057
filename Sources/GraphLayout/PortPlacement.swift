extension LayeredGraph {
  /// Spreads the lines of every box over its border, in the order of the boxes they lead to; the line of highest
  /// priority takes the middle when there is one.
  ///
  /// - Parameters:
  ///   - halves: by node, the cells from the middle of the box to its border.
  ///   - margins: by node, the cells of the border at each end where nothing may join.
  ///   - steps: distances between lines to try, the best first.
  mutating func placePorts(halves: [Int], margins: [Int], sides: SidePlan, steps: [Int]) {
    var position = Array(repeating: 0, count: vertices.count)
    for layer in layers {
      for (index, vertex) in layer.enumerated() { position[vertex] = index }
    }
    var upperKeys = vertices.map { Array(repeating: 0, count: $0.upperPorts.count) }
    var lowerKeys = vertices.map { Array(repeating: 0, count: $0.lowerPorts.count) }
    var upperCounts = upperKeys
    for piece in pieces {
      let lower = vertices[piece.lower]
      let upper = vertices[piece.upper]
      upperKeys[piece.lower][piece.lowerPort] +=
        1000 * (4 * position[piece.upper] + sides.bias(of: upper, port: piece.upperPort, isUpper: false))
      upperCounts[piece.lower][piece.lowerPort] += 1
      lowerKeys[piece.upper][piece.upperPort] =
        4 * position[piece.lower] + sides.bias(of: lower, port: piece.lowerPort, isUpper: true)
    }
    for vertex in vertices.indices {
      guard case .box(let node) = vertices[vertex].kind else { continue }
      for port in upperKeys[vertex].indices where upperCounts[vertex][port] > 0 {
        upperKeys[vertex][port] /= upperCounts[vertex][port]
      }
      let reach = halves[node] - margins[node]
      updatePorts(of: vertex) { vertex in
        Self.spread(&vertex.upperPorts, keys: upperKeys[node], reach: reach, steps: steps)
        Self.spread(&vertex.lowerPorts, keys: lowerKeys[node], reach: reach, steps: steps)
        for list in [\Vertex.upperPorts, \Vertex.lowerPorts] {
          for port in vertex[keyPath: list].indices {
            guard case .lane(let slot) = vertex[keyPath: list][port].kind else { continue }
            let place = sides.slots[node][slot]
            let distance = halves[node] + place.lane
            vertex[keyPath: list][port].offset = place.isAfter ? distance : -distance
          }
        }
      }
    }
  }

  private static func spread(_ ports: inout [Port], keys: [Int], reach: Int, steps: [Int]) {
    let order = ports.indices.filter { ports[$0].kind == .border }.sorted { (keys[$0], $0) < (keys[$1], $1) }
    guard order.count > 1 else { return }
    let highest = order.map { ports[$0].priority }.max() ?? 0
    let leaders = order.indices.filter { ports[order[$0]].priority == highest }
    let last = order.count - 1
    if leaders.count == 1, let leader = leaders.first {
      let longest = max(leader, last - leader)
      if let step = steps.first(where: { $0 * longest <= reach }) {
        for (index, port) in order.enumerated() { ports[port].offset = (index - leader) * step }
        return
      }
    }
    if let step = steps.first(where: { $0 * last <= 2 * reach && ($0 * last) % 2 == 0 }) {
      for (index, port) in order.enumerated() { ports[port].offset = index * step - last * step / 2 }
      return
    }
    for (index, port) in order.enumerated() { ports[port].offset = index * 2 * reach / last - reach }
  }
}
