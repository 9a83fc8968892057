/// A buffer as lines of text, for `skua show` and snapshots: no escapes, no trailing spaces.
public enum PlainTextPainter {
  public static func paint(_ buffer: CellBuffer) -> String {
    var lines: [String] = []
    for y in 0..<buffer.size.height {
      var line = ""
      for x in 0..<buffer.size.width { line += buffer[x, y].glyph.text }
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }
}
