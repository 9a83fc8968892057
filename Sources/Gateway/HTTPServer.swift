import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The endpoint's listening socket.
public struct HTTPServer: Sendable {
    /// Why the endpoint cannot listen.
    public enum Failure: Error, CustomStringConvertible {
        case portInUse(Int)
        case cannotListen(host: String, port: Int, reason: String)

        public var description: String {
            switch self {
            case .portInUse(let port): "Port \(port) is in use."
            case .cannotListen(let host, let port, let reason): "Cannot listen on \(host):\(port): \(reason)"
            }
        }
    }

    private let channel: any Channel
    /// The port that was bound; differs from the one asked for where that was 0.
    public let port: Int

    /// Binds on the engine's own event loop. Connections wait in the kernel's queue until ``accept()``.
    public static func bind(
        host: String, port: Int, tls: TLSConfiguration?, chain: HandlerChain, eventLoop: any EventLoop
    ) async throws -> HTTPServer {
        let tlsContext = try tls.map { try NIOSSLContext(configuration: $0) }
        let scheme = tls == nil ? "http" : "https"
        let bootstrap = ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tlsContext { try pipeline.addHandler(NIOSSLServerHandler(context: tlsContext)) }
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
                    try pipeline.addHandler(ConnectionHandler(chain: chain, scheme: scheme))
                }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            return HTTPServer(channel: channel, port: channel.localAddress?.port ?? port)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure.portInUse(port)
        } catch {
            throw Failure.cannotListen(host: host, port: port, reason: String(describing: error))
        }
    }

    /// Lets in who is waiting, and everybody after.
    public func accept() async throws { try await channel.setOption(.autoRead, value: true).get() }

    public func stop() async { try? await channel.close() }
}
