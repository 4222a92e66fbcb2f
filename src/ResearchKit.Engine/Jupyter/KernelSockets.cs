using NetMQ;
using NetMQ.Sockets;

namespace ResearchKit.Engine.Jupyter;

/// <summary>The five sockets of a kernel, on a thread of their own: nothing that a cell does keeps them from answering.</summary>
internal sealed class KernelSockets : IDisposable
{
    /// <summary>Larger messages close the connection: nobody who lacks the key may fill the memory.</summary>
    private const long LargestMessage = 256L << 20;

    private readonly Dictionary<JupyterChannel, NetMQSocket> _sockets = [];
    private readonly RouterSocket _heartbeat = new();
    private readonly NetMQQueue<(JupyterChannel Channel, List<byte[]> Frames)> _outbox = new();
    private readonly NetMQPoller _poller = [];
    private readonly Action<JupyterChannel, List<byte[]>> _received;
    private readonly Action<string> _log;

    /// <summary>Binds; receives nothing before <see cref="Start"/>.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="received">Called with the frames of each message, on the sockets' thread.</param>
    /// <param name="log">Told what was ignored.</param>
    /// <exception cref="JupyterKernelException">A port is taken.</exception>
    public KernelSockets(ConnectionInfo connection, Action<JupyterChannel, List<byte[]>> received, Action<string> log)
    {
        _received = received;
        _log = log;
        _sockets[JupyterChannel.Shell] = new RouterSocket();
        _sockets[JupyterChannel.Control] = new RouterSocket();
        _sockets[JupyterChannel.Stdin] = new RouterSocket();
        _sockets[JupyterChannel.IoPub] = new PublisherSocket();
        try
        {
            Bind(_sockets[JupyterChannel.Shell], connection, connection.ShellPort, "shell_port");
            Bind(_sockets[JupyterChannel.Control], connection, connection.ControlPort, "control_port");
            Bind(_sockets[JupyterChannel.Stdin], connection, connection.StdinPort, "stdin_port");
            Bind(_sockets[JupyterChannel.IoPub], connection, connection.IoPubPort, "iopub_port");
            Bind(_heartbeat, connection, connection.HeartbeatPort, "hb_port");
        }
        catch
        {
            Dispose();
            throw;
        }

        foreach (var (channel, socket) in _sockets)
        {
            if (channel == JupyterChannel.IoPub)
                continue;
            socket.ReceiveReady += (_, _) => Receive(channel, socket);
            _poller.Add(socket);
        }

        _heartbeat.ReceiveReady += (_, _) => Echo();
        _outbox.ReceiveReady += (_, _) => SendWaiting();
        _poller.Add(_heartbeat);
        _poller.Add(_outbox);
    }

    public void Start() => _poller.RunAsync("Jupyter sockets", isBackgroundThread: true);

    /// <summary>Sends, in the order of the calls; from any thread.</summary>
    public void Send(JupyterChannel channel, List<byte[]> frames) => _outbox.Enqueue((channel, frames));

    /// <summary>Sends what waits and closes.</summary>
    public void Dispose()
    {
        if (_poller.IsRunning)
        {
            // What was asked to be sent goes out first: a shutdown has its reply.
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while (!_outbox.IsEmpty && clock.ElapsedMilliseconds < 1000)
                Thread.Sleep(5);
            _poller.Stop();
        }

        _poller.Dispose();
        _outbox.Dispose();
        _heartbeat.Dispose();
        foreach (var socket in _sockets.Values)
            socket.Dispose();
    }

    private static void Bind(NetMQSocket socket, ConnectionInfo connection, int port, string name)
    {
        socket.Options.Linger = TimeSpan.FromSeconds(1);
        // No output is dropped because a client reads slowly.
        socket.Options.SendHighWatermark = 0;
        socket.Options.MaxMsgSize = LargestMessage;
        // A client that connects again under its name is that client, not a stranger to be refused.
        if (socket is RouterSocket)
            socket.Options.RouterHandover = true;
        var host = connection.Address.ToString() is var ip && ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip;
        if (host.StartsWith('['))
            socket.Options.IPv4Only = false;
        try
        {
            socket.Bind($"tcp://{host}:{port}");
        }
        catch (NetMQException e)
        {
            throw new JupyterKernelException($"{name} {port} of {host} cannot be listened on: {e.Message}. Another program may hold it; start the kernel again.", e);
        }
    }

    private void Receive(JupyterChannel channel, NetMQSocket socket)
    {
        try
        {
            List<byte[]>? frames = null;
            // A few at a time, so that a flood on one socket does not silence the others.
            for (int i = 0; i < 64 && socket.TryReceiveMultipartBytes(TimeSpan.Zero, ref frames!); i++)
            {
                _received(channel, frames!);
                frames = null;
            }
        }
        catch (Exception e)
        {
            // Whatever a stranger sends must not end this thread.
            _log($"A message on {channel} was ignored: {e.Message}");
        }
    }

    private void Echo()
    {
        try
        {
            List<byte[]>? frames = null;
            if (_heartbeat.TryReceiveMultipartBytes(TimeSpan.Zero, ref frames!))
                _heartbeat.TrySendMultipartBytes(TimeSpan.Zero, frames!);
        }
        catch (Exception e)
        {
            _log($"A heartbeat was ignored: {e.Message}");
        }
    }

    private void SendWaiting()
    {
        for (int i = 0; i < 256 && _outbox.TryDequeue(out var item, TimeSpan.Zero); i++)
        {
            try
            {
                // A client that has gone: a router drops what it cannot deliver.
                _sockets[item.Channel].TrySendMultipartBytes(TimeSpan.Zero, item.Frames);
            }
            catch (Exception e)
            {
                _log($"A message on {item.Channel} was not sent: {e.Message}");
            }
        }
    }
}
