using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Engine;

/// <summary>Where the databases and secrets of one AppHost live: per user and clone, or temporary in a test.</summary>
internal sealed class DataFolder(string path, bool isTemporary) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private FileStream? _lock;

    public string Path { get; } = path;

    /// <summary>Made when it is first needed: a builder that is never built leaves nothing.</summary>
    public static DataFolder Temporary() =>
        new(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ecommerce-apphost-{Guid.NewGuid():N}"), isTemporary: true);

    public static DataFolder OfAppHost(string appHostPath)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(appHostPath)))[..10];
        return new(System.IO.Path.Combine(UserData(), "ecommerce-apphost", hash), isTemporary: false);
    }

    public string Create(string name = "")
    {
        var folder = System.IO.Path.Combine(Path, name);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);

        return folder;
    }

    /// <summary>The kernel gives the lock back when we die, however we die.</summary>
    public void Lock()
    {
        var file = System.IO.Path.Combine(Create(), "lock");
        try
        {
            _lock ??= new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new DistributedApplicationException(
                $"Another AppHost of this folder is running (it holds {file}). Stop it first, or work in another clone.", error);
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (!isTemporary || !Directory.Exists(Path))
            return;

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that had to be killed may still be closing its files: the folder is left to the system's cleaning of /tmp.
        }
    }

    private static string UserData()
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length > 0 ? folder
            : throw new DistributedApplicationException("No folder for user data: set HOME or XDG_DATA_HOME.");
    }
}
