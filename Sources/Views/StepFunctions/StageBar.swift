import TerminalUI

/// `State input › Parameters › Task result › State output`: as much of it around the selected stage as fits a row.
struct StageBar {
    var names: [String]
    var selected: Int

    func render(on row: Surface) {
        guard names.indices.contains(selected) else { return }
        var first = selected
        var last = selected
        var width = names[selected].columns + 6
        while true {
            if last + 1 < names.count, width + names[last + 1].columns + 3 <= row.width {
                last += 1
                width += names[last].columns + 3
            } else if first > 0, width + names[first - 1].columns + 3 <= row.width {
                first -= 1
                width += names[first].columns + 3
            } else {
                break
            }
        }
        var x = row.write(first > 0 ? "‹ " : " ", x: 0, y: 0, Style(.accent))
        for index in first...last {
            if index > first { x = row.write(" › ", x: x, y: 0, Style(.faint)) }
            let isCurrent = index == selected
            x = row.write(names[index], x: x, y: 0, isCurrent ? Style(.accent, [.bold, .underline]) : Style(.dim))
        }
        if last < names.count - 1 { row.write(" ›", x: x, y: 0, Style(.accent)) }
    }
}
