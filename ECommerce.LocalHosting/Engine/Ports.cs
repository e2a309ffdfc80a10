using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Engine;

/// <summary>Ports for what has no fixed one. They are kept for a run, so that a restarted program comes back where it was.</summary>
internal static class Ports
{
    // Below the ranges from which Linux and macOS take ports for outgoing connections: nobody gets ours while its program is down.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    public static int Take()
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            lock (Gate)
            {
                if (IsFree(port) && Taken.Add(port))
                    return port;
            }
        }

        throw new DistributedApplicationException($"No free port between {First} and {Last}.");
    }

    public static void Return(IEnumerable<int> ports)
    {
        lock (Gate)
            Taken.ExceptWith(ports);
    }

    public static bool IsFree(int port)
    {
        try
        {
            foreach (var listener in Listen(port))
                listener.Dispose();

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Listens at both addresses that `localhost` may mean.</summary>
    public static IReadOnlyList<Socket> Listen(int port)
    {
        var listeners = new List<Socket>();
        try
        {
            listeners.Add(Listen(new IPEndPoint(IPAddress.Loopback, port)));
            if (Socket.OSSupportsIPv6 && HasIPv6Loopback())
                listeners.Add(Listen(new IPEndPoint(IPAddress.IPv6Loopback, port)));

            return listeners;
        }
        catch (SocketException)
        {
            listeners.ForEach(listener => listener.Dispose());
            throw;
        }
    }

    private static Socket Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen(512);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool HasIPv6Loopback()
    {
        using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
