import AWSModel
import Foundation

/// `swift run ModelCompiler [--botocore PATH]`, from the package's folder: botocore's service models become
/// `Sources/AWSTypes/Generated`.
///
/// `PATH` is botocore's package folder; without it, python3 is asked. Our own services have their models in
/// `Sources/ModelCompiler/Models/<service>`, in the same form.
@main
struct ModelCompiler {
    static func main() {
        do {
            try compile()
        } catch {
            FileHandle.standardError.write(Data("ModelCompiler: \(error)\n".utf8))
            exit(1)
        }
    }

    static func compile() throws(CompilerError) {
        var arguments = CommandLine.arguments.dropFirst()
        var botocore: String?
        while let argument = arguments.popFirst() {
            guard argument == "--botocore", let path = arguments.popFirst() else {
                throw CompilerError("usage: ModelCompiler [--botocore PATH]")
            }
            botocore = path
        }
        let ownModels = "Sources/ModelCompiler/Models"
        let output = "Sources/AWSTypes/Generated"
        let manifest = try Manifest(path: "\(ownModels)/manifest.json")
        let sources = try ModelSource(ownModels: ownModels, botocore: botocore)
        var files: [String: String] = [:]
        var compiled: [(Manifest.Service, ServiceAddress)] = []
        for service in manifest.services {
            guard let document = try sources.model(service.folder) else {
                print("\(service.folder): no model, left out")
                continue
            }
            files["\(service.name)Model.swift"] = ModelEmbedder.source(service: service, document: document)
            let model = ServiceModel(id: ServiceID(rawValue: service.folder), botocore: document)
            compiled.append((service, model.address))
            let structures = try StructureGenerator(service: service, model: model)
            for (name, text) in structures.files() { files[name] = text }
            print("\(service.folder): \(model.operations.count) operations, \(structures.operations.count) typed")
        }
        files["ServiceModels.swift"] = ModelEmbedder.index(compiled)
        var answers: [AnswerEmbedder] = []
        for folder in manifest.answers {
            guard let document = try sources.model(folder) else {
                print("\(folder): no model, left out")
                continue
            }
            answers.append(AnswerEmbedder(folder: folder, document: document))
        }
        for answer in answers { files[answer.fileName] = answer.source }
        files["AnswerModels.swift"] = AnswerEmbedder.index(answers)
        try write(files, to: output)
    }

    private static func write(_ files: [String: String], to folder: String) throws(CompilerError) {
        do {
            let manager = FileManager.default
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for old in try manager.contentsOfDirectory(atPath: folder) where files[old] == nil {
                try manager.removeItem(atPath: "\(folder)/\(old)")
            }
            for (name, text) in files {
                let path = "\(folder)/\(name)"
                // An unchanged file keeps its date, so that nothing is rebuilt for it.
                if let old = manager.contents(atPath: path), old == Data(text.utf8) { continue }
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            }
        } catch {
            throw CompilerError("\(folder): \(error)")
        }
    }
}

struct CompilerError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Which services are compiled, and which of their operations get structures.
struct Manifest {
    struct Service {
        /// botocore's folder, which is also the `ServiceID`.
        var folder: String
        /// The name space of the structures.
        var name: String
        /// Nil: all of them.
        var operations: [String]?
    }

    var services: [Service] = []
    /// Folders of services of which only the answers are kept.
    var answers: [String]

    init(path: String) throws(CompilerError) {
        let document = try readJSON(path)
        answers = document.strings("answers") ?? []
        for entry in document.list("services") ?? [] {
            guard let folder = entry["folder"]?.string, let name = entry["name"]?.string else {
                throw CompilerError("\(path): a service needs a folder and a name")
            }
            services.append(
                Service(folder: folder, name: name, operations: entry["operations"]?.list?.compactMap(\.string)))
        }
    }
}
