import AWSModel
import Foundation

/// Finds service models and joins what belongs to one service: operations and shapes, paginators, waiters, and
/// `Models/<service>/overlay.json` of ours.
struct ModelSource {
    let ownModels: String
    let data: String

    init(ownModels: String, botocore: String?) throws(CompilerError) {
        self.ownModels = ownModels
        if let botocore {
            data = "\(botocore)/data"
        } else {
            let script = "import botocore, os; print(os.path.dirname(botocore.__file__))"
            let path = String(decoding: try run(["python3", "-c", script]), as: UTF8.self)
            data = path.trimmingCharacters(in: .whitespacesAndNewlines) + "/data"
        }
    }

    /// Nil where neither we nor botocore know the service.
    func model(_ folder: String) throws(CompilerError) -> DocumentObject? {
        guard let directory = directory(folder) else { return nil }
        guard var model = try part("service-2", in: directory) else {
            throw CompilerError("\(directory): no service-2.json")
        }
        var pagination = try part("paginators-1", in: directory)?.object("pagination") ?? [:]
        let extras = try part("paginators-1.sdk-extras", in: directory)
        for (operation, changes) in extras?.object("merge")?.object("pagination") ?? [:] {
            var merged = pagination.object(operation) ?? [:]
            for (key, value) in changes.object ?? [:] { merged[key] = value }
            pagination[operation] = .object(merged)
        }
        model["pagination"] = .object(pagination)
        model["waiters"] = .object(try part("waiters-2", in: directory)?.object("waiters") ?? [:])
        if let overlay = try part("overlay", in: "\(ownModels)/\(folder)") {
            model = Self.merged(model, overlay)
        }
        return model
    }

    /// What botocore's model lacks, laid over it member by member.
    private static func merged(_ base: DocumentObject, _ overlay: DocumentObject) -> DocumentObject {
        var result = base
        for (key, value) in overlay {
            if let below = base.object(key), let above = value.object {
                result[key] = .object(merged(below, above))
            } else {
                result[key] = value
            }
        }
        return result
    }

    private func directory(_ folder: String) -> String? {
        let own = "\(ownModels)/\(folder)"
        if FileManager.default.fileExists(atPath: "\(own)/service-2.json") { return own }
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "\(data)/\(folder)")) ?? []
        return versions.max().map { "\(data)/\(folder)/\($0)" }
    }

    private func part(_ name: String, in directory: String) throws(CompilerError) -> DocumentObject? {
        let plain = "\(directory)/\(name).json"
        if FileManager.default.fileExists(atPath: plain) { return try readJSON(plain) }
        guard FileManager.default.fileExists(atPath: plain + ".gz") else { return nil }
        return try parse([UInt8](run(["gzip", "-dc", plain + ".gz"])), path: plain)
    }
}

func readJSON(_ path: String) throws(CompilerError) -> DocumentObject {
    guard let data = FileManager.default.contents(atPath: path) else { throw CompilerError("cannot read \(path)") }
    return try parse([UInt8](data), path: path)
}

private func parse(_ bytes: [UInt8], path: String) throws(CompilerError) -> DocumentObject {
    let value: DocumentValue
    do throws(JSONSyntaxError) {
        value = try JSONReader.parse(bytes)
    } catch {
        throw CompilerError("\(path): \(error)")
    }
    guard let object = value.object else { throw CompilerError("\(path): not an object") }
    return object
}

private func run(_ command: [String]) throws(CompilerError) -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    do {
        try process.run()
    } catch {
        throw CompilerError("\(command[0]): \(error)")
    }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CompilerError("\(command.joined(separator: " ")) failed") }
    return output
}
