import AWSModel
import AWSTypes

/// Code for people: making functions from folders and text, and reading a function's files.
extension LambdaService {
    /// One file of a function's code.
    public struct CodeFile: Sendable, Hashable {
        /// Relative to the function's root, such as `package/module.py`.
        public var path: String
        public var size: Int
        public var isExecutable: Bool
    }

    /// A deployment package from source text: `["handler.py": "def handler(…)"]`. Pass it as `Code.ZipFile`.
    public static func deploymentPackage(sources: [String: String]) -> [UInt8] {
        var writer = ZipWriter()
        for (path, text) in sources.sorted(by: { $0.key < $1.key }) {
            let isExecutable = path == "bootstrap" || path.hasSuffix("/bootstrap")
            writer.add(path, Array(text.utf8), permissions: isExecutable ? 0o755 : 0o644)
        }
        return writer.finished()
    }

    /// A deployment package from a folder's files; nil where one cannot be read. Pass it as `Code.ZipFile`.
    public static func deploymentPackage(folder: String) -> [UInt8]? { CodeFolder.archive(folder) }

    /// Creates a function from a folder, through the same operation as any client.
    public func createFunction(
        _ request: Lambda.CreateFunctionRequest, fromFolder folder: String, caller: Caller, cause: Cause,
        completion: @escaping (Result<Lambda.FunctionConfiguration, ServiceError>) -> Void
    ) {
        guard let bytes = Self.deploymentPackage(folder: folder) else {
            return completion(.failure(.lambdaInvalid("The folder \(folder) cannot be read.")))
        }
        var request = request
        request.code = Lambda.FunctionCode(zipFile: bytes)
        core.call(Lambda.createFunction, request, caller: caller, cause: cause, completion: completion)
    }

    /// Creates a function from source text, through the same operation as any client.
    public func createFunction(
        _ request: Lambda.CreateFunctionRequest, fromSources sources: [String: String], caller: Caller, cause: Cause,
        completion: @escaping (Result<Lambda.FunctionConfiguration, ServiceError>) -> Void
    ) {
        var request = request
        request.code = Lambda.FunctionCode(zipFile: Self.deploymentPackage(sources: sources))
        core.call(Lambda.createFunction, request, caller: caller, cause: cause, completion: completion)
    }

    /// The files of a version's code, sorted by path.
    public func codeFiles(ofFunction name: String, qualifier: String?, from scope: Scope) throws(ServiceError)
        -> [CodeFile]
    {
        let reference = try FunctionReference(name, qualifier: qualifier, from: scope)
        let package = try version(reference).1.package
        return CodeFolder.files(in: core.blobs.path(package.codeName)).map {
            CodeFile(path: $0.path, size: $0.size, isExecutable: $0.isExecutable)
        }
    }

    /// The bytes of one of ``codeFiles(ofFunction:qualifier:from:)``.
    public func codeFile(
        _ path: String, ofFunction name: String, qualifier: String?, from scope: Scope
    ) throws(ServiceError) -> [UInt8] {
        let reference = try FunctionReference(name, qualifier: qualifier, from: scope)
        let package = try version(reference).1.package
        guard let safe = CodeFolder.safePath(path), !safe.isEmpty,
            let bytes = CodeFolder.read("\(core.blobs.path(package.codeName))/\(safe)")
        else { throw .lambdaNotFound("The function \(reference.arn) has no file \(path).") }
        return bytes
    }
}
