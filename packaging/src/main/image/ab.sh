# Sourced by packaging/build after build.sh: the disk image with two systems, and bundles that bring another one.
#
# 1 EFI system partition: GRUB, its block of 1024 bytes that says which system is started, the site file
# 2, 3 root A and B, ext4, never written to but by an update; each with its kernel and initramfs
# 4 /var, ext4, grows to the whole disk at the first boot; /etc is an overlay whose upper half is on it

ab_parts=$image_parts/ab
ab_slot_mb=1024
ab_esp_mb=64
ab_grub_modules='part_gpt fat ext2 normal linux loadenv regexp test echo sleep reboot'

ab_need() {
  local missing=() pair
  for pair in grub-mkimage:grub-common grub-editenv:grub-common rauc:rauc mksquashfs:squashfs-tools; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ -f /usr/lib/grub/x86_64-efi/moddep.lst ] || missing+=(grub-efi-amd64-bin)
  [ ${#missing[@]} -eq 0 ] || fail "missing tools: apt-get install $(printf '%s\n' "${missing[@]}" | sort -u | xargs)"
}

ab_begin() {
  image_need
  ab_need
  mkdir -p "$target/image" "$cache"
  scratch=$(mktemp -d)
  trap 'umount "$scratch/os/proc" 2>/dev/null || true; rm -rf "$scratch"' EXIT
  own_version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$root/pom.xml" | head -n 1)
  package=$target/deb/verge_${own_version}_amd64.deb
  [ -f "$package" ] || fail "first: packaging/build deb --arch amd64"
}

# The service's user owns what is on /var, whichever system starts: it has the same number in all of them.
ab_user() { # root of the system
  chroot "$1" addgroup --quiet --system --gid 480 verge
  chroot "$1" adduser --quiet --system --uid 480 --gid 480 --home /var/lib/verge --no-create-home --gecos 'Verge gateway' --shell /usr/sbin/nologin verge
}

ab_system() { # root of the system, version of the system: a root that can be started from either slot
  local os=$1 kernel
  tar -xf "$(image_base)" -C "$os" --exclude='./dev/*'
  ab_user "$os"
  # Sound, cameras, clusters, and other computers' graphics cards.
  rm -rf "$os"/lib/modules/*/kernel/{sound,drivers/media,drivers/infiniband,drivers/gpu/drm/{amd,nouveau,radeon}}
  chroot "$os" depmod "$(ls "$os/lib/modules")"
  cp -r "$ab_parts/root/." "$os/"
  image_system "$os" "$package"
  cp -r "$ab_parts/root/etc/fstab" "$os/etc/fstab"
  chroot "$os" systemctl -q enable verge-slot.timer >>"$target/image.log" 2>&1
  kernel=$(basename "$(ls "$os"/boot/vmlinuz-* | sort -V | tail -n 1)")
  mv "$os/boot/$kernel" "$scratch/vmlinuz"
  mv "$os/boot/initrd.img-${kernel#vmlinuz-}" "$scratch/initrd.img"
  rm -rf "$os"/boot/* "$os"/vmlinuz* "$os"/initrd.img*
  mv "$scratch/vmlinuz" "$scratch/initrd.img" "$os/boot/"
  mkdir -p "$os/boot/efi" "$os/usr/lib/verge-system/var"
  # What belongs to this system stays with it: its list of packages, and the archive of its runtime's classes.
  mv "$os/var/cache/verge/verge.jsa" "$os/usr/lib/verge-system/verge.jsa"
  sed -i 's|/var/cache/verge/verge.jsa|/usr/lib/verge-system/verge.jsa|' "$os/usr/lib/verge/java.args"
  mv "$os/var/lib/dpkg" "$os/usr/lib/verge-system/dpkg"
  ln -s ../../usr/lib/verge-system/dpkg "$os/var/lib/dpkg"
  mkdir -p "$os/var/lib/rauc"
  touch "$os/etc/.updated" "$os/var/.updated"
  printf '%s %s\n' "$2" "$(sha256sum "$package" "$(image_base)" | sha256sum | cut -c 1-16)" > "$os/usr/lib/verge-system/version"
  cp -a "$os/var/." "$os/usr/lib/verge-system/var/"
  find "$os/var" -mindepth 1 -delete
}

ab_root() { # root of the system, result: the file system that is written to a slot
  local mb
  mb=$(( $(du -sm "$1" | cut -f1) * 110 / 100 + 48 ))
  [ "$mb" -le "$ab_slot_mb" ] || fail "the system takes $mb MB, a slot has $ab_slot_mb"
  rm -f "$2"
  mke2fs -q -t ext4 -L verge-root -O '^metadata_csum_seed' -E hash_seed=56455247-0000-4000-8000-000000000000 -d "$1" -m 0 -F "$2" "${mb}M" >/dev/null
  say "system: $mb MB of $ab_slot_mb"
}

ab_esp() { # image of the partition
  local esp=$1 file
  grub-mkimage -O x86_64-efi -o "$scratch/BOOTX64.EFI" -p /EFI/verge $ab_grub_modules
  for file in grubenv confirmed.env; do
    { printf '# GRUB Environment Block\nslot=A\ntrial=\nleft=0\n'; head -c 1024 /dev/zero | tr '\0' '#'; } | head -c 1024 > "$scratch/$file"
    grub-editenv "$scratch/$file" list >/dev/null
  done
  rm -f "$esp"
  truncate -s "${ab_esp_mb}M" "$esp"
  mkfs.vfat -F 32 -n VERGE-BOOT -i 56455247 "$esp" >/dev/null
  mmd -i "$esp" ::EFI ::EFI/BOOT ::EFI/verge
  mcopy -i "$esp" "$scratch/BOOTX64.EFI" ::EFI/BOOT/BOOTX64.EFI
  mcopy -i "$esp" "$ab_parts/grub.cfg" "$scratch/grubenv" "$scratch/confirmed.env" ::EFI/verge/
  mcopy -i "$esp" "$image_parts/verge-site.example.toml" ::verge-site.example.toml
}

ab_disk() { # root of the system, result
  local disk=$2 at
  ab_esp "$scratch/esp.img"
  mke2fs -q -t ext4 -L verge-data -O 64bit,metadata_csum -d "$1/usr/lib/verge-system/var" -m 1 -F "$scratch/var.img" 192M >/dev/null
  ab_root "$1" "$scratch/root.img"
  rm -f "$disk"
  at=$((1 + ab_esp_mb))
  truncate -s "$((at + 2 * ab_slot_mb + 192 + 2))M" "$disk"
  sgdisk -o -n "1:1M:+${ab_esp_mb}M" -t 1:ef00 -c 1:verge-boot -n "2:${at}M:+${ab_slot_mb}M" -t 2:8304 -c 2:verge-root-a \
    -n "3:$((at + ab_slot_mb))M:+${ab_slot_mb}M" -t 3:8304 -c 3:verge-root-b -n "4:$((at + 2 * ab_slot_mb))M:+192M" -t 4:8310 -c 4:verge-data "$disk" >/dev/null
  dd if="$scratch/esp.img" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$scratch/root.img" of="$disk" bs=1M seek=$at conv=notrunc,sparse status=none
  dd if="$scratch/var.img" of="$disk" bs=1M seek=$((at + 2 * ab_slot_mb)) conv=notrunc,sparse status=none
}

image_ab() {
  local disk
  ab_begin
  disk=$target/image/verge_${own_version}_amd64-efi.img
  mkdir "$scratch/os"
  ab_system "$scratch/os" "$own_version"
  say 'partitions'
  ab_disk "$scratch/os" "$disk"
  zstd -q -f -10 -T0 "$disk" -o "$disk.zst"
  (cd "$target/image" && sha256sum *.zst > SHA256SUMS)
  say "$disk.zst: $(( ($(stat -c %s "$disk.zst") + 500000) / 1000000 )) MB"
}

image_update() {
  local wanted='' version='' key='' cert='' file content
  while [ $# -gt 0 ]; do
    case $1 in
      --target) wanted=${2:-}; shift 2 ;;
      --version) version=${2:-}; shift 2 ;;
      --key) key=${2:-}; shift 2 ;;
      --cert) cert=${2:-}; shift 2 ;;
      *) usage ;;
    esac
  done
  [ "$wanted" = amd64-efi ] || usage
  [ -f "$key" ] && [ -f "$cert" ] || fail "--key and --cert: expected two PEM files; gateway-core/docs/updates.md says how to make them"
  ab_begin
  version=${version:-$own_version}
  mkdir "$scratch/os"
  ab_system "$scratch/os" "$version"
  content=$scratch/bundle
  mkdir "$content"
  ab_root "$scratch/os" "$content/root.img"
  ab_bundle "$content" "$version" "$key" "$cert" "$target/update/verge-system_${version}_amd64-efi.raucb"
}

ab_bundle() { # folder with root.img, version, private key, certificate, result
  mkdir -p "$(dirname "$5")"
  rm -f "$5"
  cat > "$1/manifest.raucm" <<END
[update]
compatible=verge-amd64-efi
version=$2

[bundle]
format=verity

[image.rootfs]
filename=root.img
END
  rauc --cert="$4" --key="$3" bundle --mksquashfs-args='-comp zstd -Xcompression-level 9 -b 1M -quiet -no-progress' "$1" "$5" >"$target/image.log" 2>&1 \
    || { tail -n 5 "$target/image.log" >&2; fail 'rauc made no bundle'; }
  say "$5: $(( ($(stat -c %s "$5") + 500000) / 1000000 )) MB"
}
