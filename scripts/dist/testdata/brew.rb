# Loads a Homebrew formula with methods of the same names that print what they are asked for.
# With a folder, which stands for an unpacked archive, it also checks that each file to install
# is in it.
#
#   ruby brew.rb FORMULA GOOS GOARCH [FOLDER]
FORMULA, SYSTEM, ARCH, FOLDER = ARGV

# Place prints what is installed, and stops where it does not exist.
class Place
  def initialize(name) = @name = name

  def install(*files)
    files.flatten.each do |file|
      from, to = file.is_a?(Hash) ? file.first : [file, File.basename(file)]
      abort "#{from}: no such file in the archive" unless File.file?(from)
      puts "install #{from} as #{@name}/#{to}"
    end
  end

  def to_s = @name
end

class Formula
  class << self
    def on_macos = (yield if SYSTEM == "darwin")
    def on_linux = (yield if SYSTEM == "linux")
    def on_arm = (yield if ARCH == "arm64")
    def on_intel = (yield if ARCH == "amd64")
    def url(address) = puts("url #{address}")
    def sha256(digest) = puts("sha256 #{digest}")
    def desc(text) = (abort "a description of #{text.size} characters" if text.size > 80)
    def homepage(_) = nil
    def license(_) = nil

    def version(number = nil)
      @version ||= number
    end

    def test(&block) = define_method(:check, &block)
  end

  %w[bin man1 bash_completion zsh_completion fish_completion].each do |name|
    define_method(name) { Place.new(name == "bin" && FOLDER ? "." : name) }
  end

  def version = self.class.version
  def shell_output(line) = `#{line}`
  def assert_match(want, got) = (abort "#{got.inspect}: want #{want.inspect}" unless got.include?(want))
end

load File.expand_path(FORMULA)
puts "version #{Routellm.version}"
if FOLDER
  Dir.chdir(FOLDER)
  Routellm.new.install
  Routellm.new.check
end
