namespace ECommerce.AppHost.Hosting;

/// <summary>The folder with the data of the local servers: one per user and clone, or that of <c>--data</c>.</summary>
internal sealed class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <summary>
    /// Creates the folder and locks it for the lifetime of this process. The kernel releases the lock however the
    /// process ends.
    /// </summary>
    /// <exception cref="StartupException">It cannot be written, or another AppHost uses it.</exception>
    public static DataFolder Open(string? path, string appHostHash)
    {
        path ??= System.IO.Path.Combine(UserData(), "ecommerce-apphost", appHostHash);
        try
        {
            Create(path);
            return new DataFolder(path, new FileStream(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException error)
        {
            throw NotWritable(path, error);
        }
        catch (IOException error)
        {
            // A file in the path, a read-only file system or a lock: the file system reports them alike.
            throw Directory.Exists(path) && File.Exists(System.IO.Path.Combine(path, "lock"))
                ? new StartupException(
                    $"Another AppHost uses the data folder {path}: stop it first, or choose another with "
                    + "--data=FOLDER.",
                    error)
                : NotWritable(path, error);
        }
    }

    /// <summary>A folder in it that only its owner can read.</summary>
    public string CreateSubfolder(string name)
    {
        var folder = System.IO.Path.Combine(Path, name);
        Create(folder);
        return folder;
    }

    /// <summary>Writes a file that only its owner can read.</summary>
    public static async Task WritePrivateAsync(string file, string text, CancellationToken ct)
    {
        // The mode applies to a new file only.
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync(text.AsMemory(), ct);
    }

    private static StartupException NotWritable(string path, Exception error) =>
        new($"The data folder {path} cannot be written: choose another with --data=FOLDER.", error);

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
    }

    private static string UserData()
    {
        var folder = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length > 0
            ? folder
            : throw new StartupException(
                "There is no folder for user data: set HOME, or choose one with --data=FOLDER.");
    }
}
