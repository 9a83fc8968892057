import Foundation

/// Words for people, beside the output that programs read.
enum StandardError {
    static func write(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

/// Output that programs read: written at once, also into a pipe.
enum StandardOutput {
    static func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
